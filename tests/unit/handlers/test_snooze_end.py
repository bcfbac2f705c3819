"""When a snooze ends: in the partner's zone, and never in the past."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import modals
from bot.messages.modals import SnoozeLength
from handlers.inbound import CaseOrigin, CaseSubmission
from handlers.views.snooze import LONGEST_SNOOZE, snooze_end
from handlers.views.unusable import Unusable

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
ZONES = ["Europe/Berlin", "America/Chicago", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"]


def _submission(
    length: str | None, day: str | None = None, at: str | None = None
) -> CaseSubmission:
    chosen = {"value": length} if length is not None else None
    return CaseSubmission.model_validate(
        {
            "user": {"id": "U0OLIVIA", "team_id": "T0HOME"},
            "view": {
                "id": "V0SNOOZE",
                "private_metadata": "",
                "state": {
                    "values": {
                        modals.SNOOZE_LENGTH_BLOCK: {
                            modals.SNOOZE_LENGTH_ACTION: {"selected_option": chosen}
                        },
                        modals.SNOOZE_DATE_BLOCK: {
                            modals.SNOOZE_DATE_ACTION: {"selected_date": day}
                        },
                        modals.SNOOZE_TIME_BLOCK: {
                            modals.SNOOZE_TIME_ACTION: {"selected_time": at}
                        },
                    }
                },
            },
        }
    )


def _origin(zone: str = "Europe/Berlin", promised_at: datetime | None = None) -> CaseOrigin:
    return CaseOrigin(case_id=7, channel="C0KESTREL", ts="1.2", zone=zone, promised_at=promised_at)


@pytest.mark.parametrize(
    ("length", "end"),
    [
        (SnoozeLength.ONE_HOUR, NOW + timedelta(hours=1)),
        (SnoozeLength.FOUR_HOURS, NOW + timedelta(hours=4)),
        (SnoozeLength.WEEK, NOW + timedelta(days=7)),
        (SnoozeLength.TOMORROW, datetime(2026, 6, 16, 7, tzinfo=UTC)),
        (SnoozeLength.PROMISE, NOW + timedelta(days=2)),
    ],
)
def test_each_length_has_its_end(length: SnoozeLength, end: datetime) -> None:
    origin = _origin(promised_at=NOW + timedelta(days=2))
    assert snooze_end(_submission(length), origin, NOW) == end


def test_tomorrow_is_the_partners_tomorrow() -> None:
    late = datetime(2026, 6, 15, 23, tzinfo=UTC)  # one o'clock on the 16th in Berlin
    end = snooze_end(_submission(SnoozeLength.TOMORROW), _origin(), late)
    assert end == datetime(2026, 6, 17, 7, tzinfo=UTC)


def test_a_promise_that_passed_while_the_dialogue_was_open_is_no_end() -> None:
    for promised_at in (None, NOW, NOW - timedelta(minutes=1)):
        with pytest.raises(Unusable) as unusable:
            snooze_end(_submission(SnoozeLength.PROMISE), _origin(promised_at=promised_at), NOW)
        assert unusable.value.block_id == modals.SNOOZE_LENGTH_BLOCK


def test_a_day_without_a_time_is_its_morning() -> None:
    end = snooze_end(_submission(SnoozeLength.CUSTOM, "2026-06-17"), _origin(), NOW)
    assert end == datetime(2026, 6, 17, 7, tzinfo=UTC)


@pytest.mark.parametrize("length", [None, "", "2h", "CUSTOM", "<!here>"])
def test_a_length_that_was_never_offered_is_refused(length: str | None) -> None:
    with pytest.raises(Unusable):
        snooze_end(_submission(length), _origin(), NOW)


@pytest.mark.parametrize(
    ("day", "at"),
    [("2026-02-30", "10:00"), ("tomorrow", "10:00"), ("2026-06-17", "25:00"), ("2026-06-17", "x")],
)
def test_what_is_no_date_or_time_is_refused(day: str, at: str) -> None:
    with pytest.raises(Unusable):
        snooze_end(_submission(SnoozeLength.CUSTOM, day, at), _origin(), NOW)


@given(
    day=st.dates(date(1970, 1, 2), date(9999, 12, 30)),
    at=st.times(),
    zone=st.sampled_from(ZONES),
    length=st.sampled_from(SnoozeLength),
)
def test_an_end_is_always_ahead_and_within_a_year(
    day: date, at: time, zone: str, length: SnoozeLength
) -> None:
    is_custom = length is SnoozeLength.CUSTOM
    given_end = (day.isoformat(), at.strftime("%H:%M")) if is_custom else ()
    submission = _submission(length, *given_end)
    origin = _origin(zone, NOW + timedelta(days=3))
    try:
        end = snooze_end(submission, origin, NOW)
    except Unusable:
        assert length is SnoozeLength.CUSTOM
        local = datetime.combine(day, at.replace(second=0, microsecond=0), ZoneInfo(zone))
        is_past = local <= NOW
        is_far = day > NOW.astimezone(ZoneInfo(zone)).date() + LONGEST_SNOOZE
        assert is_past or is_far
    else:
        if end is None:
            assert length is SnoozeLength.CHECKPOINT
            return
        assert NOW < end <= NOW + LONGEST_SNOOZE + timedelta(days=2)
        assert end.tzinfo is UTC


@pytest.mark.parametrize(("day", "at"), [("2026-06-19", None), (None, "14:00")])
def test_a_date_beside_another_length_is_not_passed_over(day: str | None, at: str | None) -> None:
    with pytest.raises(Unusable) as refused:
        snooze_end(_submission(SnoozeLength.ONE_HOUR, day, at), _origin(), NOW)
    assert refused.value.block_id == modals.SNOOZE_LENGTH_BLOCK
    assert "Until the date and time below" in str(refused.value)
