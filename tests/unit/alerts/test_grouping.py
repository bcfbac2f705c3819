"""What becomes one message, and when a person wants a new one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.grouping import (
    alone_key,
    group_key,
    is_alone,
    quiet_key,
    storm_key,
    takes,
    unmuted_key,
    waited_for,
)
from storage.alert_cases import Membership
from storage.tables import Alert, Case, Shipment
from storage.vocabulary import AlertForm, CaseKind, CaseState, Severity, Status

NOON = datetime(2026, 6, 15, 10, tzinfo=UTC)  # in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
CHANNEL = "C0KESTREL"


def case(case_id: int = 1, kind: CaseKind = CaseKind.PROMISE_PASSED, **facts: str) -> Case:
    return Case(
        id=case_id,
        partner_key="kestrel",
        kind=kind,
        subject=f"shipment:{case_id}",
        severity=Severity.WARNING,
        state=CaseState.OPEN,
        facts=facts,
        since=NOON,
        opened_at=NOON,
        changed_at=NOON,
    )


def shipment(origin: str | None = "Hamburg", destination: str | None = "Lagos") -> Shipment:
    return Shipment(
        partner_key="kestrel",
        tracking_number="KP-1",
        source_key="orders",
        status=Status.IN_TRANSIT,
        origin=origin,
        destination=destination,
        created_at=NOON,
        changed_at=NOON,
    )


def test_what_is_late_on_one_lane_belongs_together() -> None:
    late = group_key(CHANNEL, case(1), shipment())
    assert late == group_key(CHANNEL, case(2), shipment(origin=" Hamburg "))
    assert late != group_key(CHANNEL, case(3), shipment(destination="Accra"))
    assert late != group_key(CHANNEL, case(4, CaseKind.NO_SCAN), shipment())
    assert late != group_key("C0OPS", case(5), shipment())


def test_what_the_same_storm_delays_belongs_together_whatever_its_lane() -> None:
    weather = case(1, CaseKind.CARRIER_DELAY, reason="weather")
    elsewhere = case(2, CaseKind.CARRIER_DELAY, reason="weather")
    key = group_key(CHANNEL, weather, shipment())
    assert key == group_key(CHANNEL, elsewhere, shipment(destination="Accra"))


@pytest.mark.parametrize("reason", ["not_home", "refused", "bad_address", "what nobody knows"])
def test_a_reason_of_one_shipment_alone_is_no_common_cause(reason: str) -> None:
    key = group_key(CHANNEL, case(1, reason=reason), shipment())
    assert key == group_key(CHANNEL, case(2), shipment())


def test_where_no_lane_is_known_partner_and_kind_have_to_do() -> None:
    key = group_key(CHANNEL, case(1), shipment(origin=None))
    assert key == group_key(CHANNEL, case(2), shipment(destination=None))
    assert not is_alone(key)


def test_what_a_person_asked_for_and_what_is_no_shipment_stays_alone() -> None:
    asked = case(1, CaseKind.ESCALATION)
    assert group_key(CHANNEL, asked, shipment()) == alone_key(CHANNEL, asked)
    breach = case(2, CaseKind.TERM_BREACHED)
    assert is_alone(group_key(CHANNEL, breach, None))
    assert group_key(CHANNEL, breach, None) != group_key(CHANNEL, case(3), None)


def test_why_something_waited_can_be_told_from_its_key() -> None:
    def alert(key: str, form: AlertForm = AlertForm.HELD_BACK) -> Alert:
        return Alert(channel=CHANNEL, group_key=key, form=form, created_at=NOON)

    assert waited_for(alert(quiet_key(CHANNEL, "kestrel", NOON))) == "quiet hours"
    assert waited_for(alert(unmuted_key(CHANNEL, "kestrel", NOON))) == "a mute"
    assert waited_for(alert(storm_key(CHANNEL, "kestrel"), AlertForm.STORM)) is None
    assert waited_for(alert(group_key(CHANNEL, case(), shipment()), AlertForm.GROUP)) is None


SAID = Alert(
    channel=CHANNEL,
    group_key="any",
    form=AlertForm.GROUP,
    severity=Severity.WARNING,
    created_at=NOON,
    said_at=NOON,
)
STANDING = Membership(cases=3, open=1, last_joined_at=NOON)
HOUR = timedelta(hours=1)


def taken(
    alert: Alert = SAID,
    standing: Membership | None = STANDING,
    newcomer: Severity = Severity.WARNING,
    after: timedelta = HOUR,
) -> bool:
    return takes(alert, standing, newcomer, BERLIN, NOON + after)


def test_one_more_of_the_same_joins_on_the_same_day() -> None:
    assert taken()
    assert taken(newcomer=Severity.INFO)
    assert taken(after=timedelta(hours=11, minutes=59))


def test_a_worse_one_is_worth_a_message_of_its_own() -> None:
    assert not taken(newcomer=Severity.CRITICAL)


def test_a_new_day_where_the_partner_is_begins_a_new_message() -> None:
    assert not taken(after=timedelta(hours=14))  # past midnight in Berlin, not yet in London


def test_where_all_is_taken_or_over_nobody_looks_any_more() -> None:
    assert not taken(standing=replace(STANDING, open=0))
    assert not taken(standing=None)
    over = SAID.model_copy(update={"resolved_at": NOON})
    assert not taken(over)


def test_what_still_waits_takes_everything() -> None:
    waiting = SAID.model_copy(update={"said_at": None, "severity": None})
    assert taken(waiting, standing=None, newcomer=Severity.CRITICAL, after=timedelta(days=3))


def test_a_storm_is_over_when_nothing_joined_for_a_while() -> None:
    storm = SAID.model_copy(update={"form": AlertForm.STORM})
    assert taken(storm, after=timedelta(minutes=30))
    assert not taken(storm, after=timedelta(minutes=31))
