"""What belongs together is one message: gathered, joined, held back, stormed, and taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.book.models import MatchEntry
from bot.book.telling import GroupingEntry, RouteCondition, RouteEntry, RoutingEntry
from bot.cases import acting
from bot.cases.on_request import refusal
from storage import due
from storage.database import Database
from storage.vocabulary import (
    AlertForm,
    CaseAction,
    CaseKind,
    CaseState,
    DueKind,
    OutboxMethod,
    Reason,
)
from tests.integration.cases.office import A_WAIT, GROUPING, NIGHT, SECOND, Office, together
from tests.integration.cases.pipeline import DAY, HOUR, OLIVIA, START

MONDAY_NIGHT = datetime(2026, 6, 15, 20, tzinfo=UTC)  # ten o'clock in Berlin
NIGHTFALL = datetime(2026, 6, 15, 17, tzinfo=UTC)  # seven in the evening
TUESDAY_MORNING = datetime(2026, 6, 16, 5, tzinfo=UTC)  # seven o'clock there


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database, together())


def test_one_case_stays_one_message_and_waits_a_moment_for_others(office: Office) -> None:
    office.is_late("KP-1")
    assert office.posts() == []
    office.passes(A_WAIT)
    (post,) = office.posts()
    assert "KP-1" in post
    assert "case_acknowledge" in post
    assert not office.without_words()


def test_several_of_one_lane_become_one_message(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(10 * SECOND)
    office.is_late("KP-3")
    office.passes(A_WAIT)
    (post,) = office.posts()
    assert all(number in post for number in ("KP-1", "KP-2", "KP-3", "Hamburg → Lagos"))
    assert "group_acknowledge" in post
    assert not office.without_words()


def test_another_lane_is_another_message(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.is_late("KP-3", to="Accra")
    office.passes(A_WAIT)
    lagos, accra = office.posts()
    assert "KP-3" not in lagos
    assert "KP-1" not in accra


def test_a_newcomer_joins_what_was_said_and_rings_nobody(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.delivers()
    office.is_late("KP-3")
    office.passes(HOUR)
    (post,) = office.posts()
    assert "KP-3" in post
    (reply,) = office.replies()
    assert "T-3" in reply
    assert [each.payload.get("reply_broadcast") for each in office.owed(OutboxMethod.REPLY)] == [
        False
    ]


def test_many_changes_are_one_edit(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.delivers()
    for number in range(3, 9):
        office.is_late(f"KP-{number}")
        office.passes(SECOND)
    office.passes(HOUR)
    assert len(office.owed(OutboxMethod.EDIT)) == 1
    assert len(office.replies()) == 1


def test_a_worse_one_gets_a_message_of_its_own_and_does_not_wait(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.is_late("KP-3", priority="high")
    office.passes(timedelta(seconds=GROUPING.critical_wait_seconds))
    _, critical = office.posts()
    assert "KP-3" in critical
    office.is_late("KP-4", priority="high")
    office.passes(HOUR)
    assert len(office.posts()) == 2
    assert "KP-4" in office.posts()[1]


def test_a_new_day_begins_a_new_message(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.pass_until(START + DAY - 2 * HOUR)  # still a warning: late by less than a day
    office.is_late("KP-3")
    office.passes(A_WAIT)
    monday, tuesday = office.posts()
    assert "KP-3" not in monday
    assert "KP-1" not in tuesday
    first, second = office.alerts()
    assert second.continues_id == first.id


def test_where_somebody_has_all_of_it_a_newcomer_is_news(office: Office) -> None:
    office.is_late("KP-1")
    office.passes(A_WAIT)
    office.do(acting.acknowledge, office.case(CaseKind.PROMISE_PASSED))
    office.is_late("KP-2")
    office.passes(A_WAIT)
    first, second = office.posts()
    assert "KP-2" not in first
    assert "KP-2" in second


def test_when_the_last_one_arrives_it_says_that_it_is_over(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.delivers()
    office.passes(HOUR)
    office.arrives("KP-1")
    office.passes(HOUR)
    assert "group_acknowledge" in office.posts()[0]
    office.arrives("KP-2")
    office.passes(HOUR)
    (post,) = office.posts()
    assert "group_acknowledge" not in post
    assert "✅" in post
    assert office.alerts()[0].resolved_at is not None
    office.is_late("KP-3")
    office.passes(HOUR)
    assert len(office.posts()) == 2


def test_what_somebody_does_to_one_of_them_shows_at_once(office: Office) -> None:
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    office.delivers()
    office.do(acting.acknowledge, office.cases()[0])
    (edit,) = office.owed(OutboxMethod.EDIT)
    assert "U0OLIVIA" in str(edit.payload)
    assert office.replies() == [reply for reply in office.replies() if "T-1" in reply]
    assert len(office.replies()) == 1


def test_a_book_may_want_a_message_each(database: Database) -> None:
    office = Office(database, together(grouping=GroupingEntry(group_from_cases=3)))
    office.is_late("KP-1", "KP-2")
    office.passes(A_WAIT)
    assert len(office.posts()) == 2
    office.is_late("KP-3", "KP-4", "KP-5")
    office.passes(A_WAIT)
    assert len(office.posts()) == 3
    assert not office.without_words()


# -- storms -----------------------------------------------------------------------


def test_a_storm_is_one_message_for_a_partner(office: Office) -> None:
    for number in range(20):
        office.is_late(f"KP-{number}", to=f"Town {number % 5}")
    office.passes(A_WAIT)
    (post,) = office.posts()
    (storm,) = office.alerts()
    assert storm.form == AlertForm.STORM
    assert len(office.members(storm)) == 20
    assert "20" in post
    assert {case.alert_id for case in office.cases()} == {storm.id}
    assert not office.without_words()


def test_what_comes_up_in_a_storm_joins_it_and_the_next_day_does_not(office: Office) -> None:
    for number in range(20):
        office.is_late(f"KP-{number}", to=f"Town {number % 5}")
    office.passes(A_WAIT)
    office.passes(10 * timedelta(minutes=1))
    office.is_late("KP-20", to="Elsewhere")
    office.passes(HOUR)
    assert len(office.posts()) == 1
    office.passes(DAY)
    office.is_late("KP-21", to="Elsewhere")
    office.passes(A_WAIT)
    assert len(office.posts()) == 2


def test_a_critical_one_makes_the_storm_be_said_at_once(office: Office) -> None:
    for number in range(20):
        office.is_late(f"KP-{number}", to=f"Town {number % 5}")
    office.is_late("KP-99", to="Town 1", priority="high")
    office.passes(timedelta(seconds=GROUPING.critical_wait_seconds))
    (post,) = office.posts()
    (row,) = office.owed(OutboxMethod.POST)
    assert row.urgency == 1
    assert post.index("KP-99") < post.index("KP-1'")


def test_a_neighbours_storm_is_not_ours(office: Office) -> None:
    for number in range(20):
        office.is_late(f"KP-{number}", to=f"Town {number % 5}")
    office.hears(office.order("BW-1", promised=-HOUR, to="brightwater"))
    office.passes(A_WAIT)
    (post,) = office.posts("C0BRIGHTWATER")
    assert "KP-" not in post


def test_the_whole_list_is_in_the_thread_of_what_can_not_show_it(office: Office) -> None:
    office.is_late(*(f"KP-{number}" for number in range(400)))
    office.passes(A_WAIT)
    (listed,) = office.owed(OutboxMethod.FILE)
    assert str(listed.payload["content"]).count("KP-") >= 400
    office.delivers()
    office.is_late("KP-400")
    office.passes(timedelta(minutes=5))
    assert len(office.owed(OutboxMethod.FILE)) == 1
    office.passes(HOUR)
    _, complete = office.owed(OutboxMethod.FILE)
    assert "KP-400" in str(complete.payload["content"])


def test_what_a_list_lacks_is_not_waited_for_once_the_message_shows_all_that_is_open(
    office: Office,
) -> None:
    many = [f"KP-{number}" for number in range(120)]
    office.is_late(*many)
    office.passes(A_WAIT)
    office.delivers()
    office.is_late("KP-120")
    for number in many[:115]:
        office.arrives(number)
    office.passes(HOUR)
    assert len(office.owed(OutboxMethod.FILE)) == 1
    with office.database.snapshot() as session:
        assert due.subjects(session, DueKind.SAY_ALERT) == []


# -- quiet hours ------------------------------------------------------------------


@pytest.fixture
def at_night(database: Database) -> Office:
    office = Office(database, together(quiet_hours=NIGHT))
    office.clock.now = MONDAY_NIGHT
    return office


def test_what_comes_up_at_night_is_one_message_in_the_morning(at_night: Office) -> None:
    at_night.is_late("KP-1", "KP-2")
    at_night.passes(2 * HOUR)
    at_night.is_late("KP-3", to="Accra")
    at_night.pass_until(TUESDAY_MORNING - SECOND)
    assert at_night.posts() == []
    at_night.pass_until(TUESDAY_MORNING)
    (post,) = at_night.posts()
    assert all(number in post for number in ("KP-1", "KP-2", "KP-3"))
    assert not at_night.without_words()


def test_what_is_critical_is_said_at_night_too(at_night: Office) -> None:
    at_night.is_late("KP-1")
    at_night.is_late("KP-2", priority="high")
    at_night.passes(A_WAIT)
    (post,) = at_night.posts()
    assert "KP-2" in post
    assert "KP-1" not in post


def test_what_becomes_critical_at_night_does_not_wait_for_the_morning(at_night: Office) -> None:
    at_night.is_late("KP-1", "KP-2")
    at_night.passes(HOUR)
    at_night.hears(at_night.order("KP-1", priority="high"))
    at_night.passes(A_WAIT)
    (post,) = at_night.posts()
    assert "KP-1" in post
    at_night.pass_until(TUESDAY_MORNING)
    _, morning = at_night.posts()
    assert "KP-1" not in morning
    assert "KP-2" in morning


def test_what_was_over_by_the_morning_is_said_to_be_over(at_night: Office) -> None:
    at_night.is_late("KP-1")
    at_night.passes(HOUR)
    at_night.arrives("KP-1")
    at_night.pass_until(TUESDAY_MORNING)
    (post,) = at_night.posts()
    assert "✅" in post
    assert at_night.case(CaseKind.PROMISE_PASSED).state == CaseState.RESOLVED


def test_a_thread_is_silent_at_night_and_the_message_is_true(at_night: Office) -> None:
    at_night.clock.now = START
    at_night.is_late("KP-1")
    at_night.passes(A_WAIT)
    at_night.delivers()
    at_night.pass_until(MONDAY_NIGHT)
    at_night.arrives("KP-1")
    at_night.passes(A_WAIT)
    assert "✅" in at_night.posts()[0]
    assert at_night.replies() == []
    at_night.pass_until(TUESDAY_MORNING)
    assert len(at_night.replies()) == 1


def test_what_a_storm_takes_at_night_is_in_its_thread_in_the_morning(at_night: Office) -> None:
    at_night.clock.now = NIGHTFALL - 10 * timedelta(minutes=1)
    at_night.is_late(*(f"KP-{number}" for number in range(12)))
    at_night.is_late("KP-12", to="Accra")
    at_night.passes(A_WAIT)
    at_night.delivers()
    snoozed, *others = at_night.cases()
    for case in others:
        at_night.do(acting.acknowledge, case)
    at_night.do(acting.snooze, snoozed, NIGHTFALL - 15 * SECOND)
    at_night.pass_until(NIGHTFALL - 20 * SECOND)  # all of it is somebody's: these are news
    at_night.is_late(*(f"KP-{number}" for number in range(20, 32)), to="Dakar")
    at_night.is_late("KP-32", to="Tunis")
    at_night.passes(HOUR)
    (storm,) = at_night.alerts()
    assert len(at_night.members(storm)) == 26
    at_night.delivers()
    told_by_then = at_night.replies()
    at_night.pass_until(TUESDAY_MORNING)
    (joined,) = [reply for reply in at_night.replies() if reply not in told_by_then]
    assert "13" in joined
    assert not at_night.without_words()


def test_what_is_taken_at_night_leaves_the_others_to_the_morning(at_night: Office) -> None:
    at_night.is_late("KP-1", "KP-2")
    at_night.do(acting.acknowledge, at_night.cases()[0])
    at_night.passes(HOUR)
    assert at_night.posts() == []
    at_night.pass_until(TUESDAY_MORNING)
    (post,) = at_night.posts()
    assert "U0OLIVIA" in post
    assert not at_night.without_words()


def test_what_is_escalated_at_night_does_not_wait_for_the_morning(at_night: Office) -> None:
    at_night.is_late("KP-1", "KP-2")
    at_night.do(acting.escalate, at_night.cases()[0], "The customer is at the door.")
    (post,) = at_night.posts()
    assert "KP-1" in post
    assert "KP-2" not in post
    at_night.pass_until(TUESDAY_MORNING)
    assert "KP-1" not in at_night.posts()[1]
    assert not at_night.without_words()


# -- routes -----------------------------------------------------------------------

TO_MARCO_TOO = RoutingEntry(
    match="all",
    routes=(
        RouteEntry(name="worth a call", when=RouteCondition(value_from=10_000), to=("U0MARCO",)),
        RouteEntry(name="the rest", to=("partner",)),
    ),
)


def test_a_case_told_in_two_places_is_true_in_both(database: Database) -> None:
    office = Office(database, together(routing=TO_MARCO_TOO))
    office.hears(replace(office.order("KP-1", promised=-HOUR), value=25_000.0, currency="EUR"))
    office.passes(A_WAIT)
    office.delivers()
    assert len(office.posts("C0KESTREL")) == len(office.posts("U0MARCO")) == 1
    office.do(acting.acknowledge, office.case(CaseKind.PROMISE_PASSED))
    assert "👀" in office.posts("C0KESTREL")[0]
    assert "👀" in office.posts("U0MARCO")[0]
    assert not office.without_words()


# -- another partner's ------------------------------------------------------------

BY_CARRIER = (
    MatchEntry(partner="brightwater", carrier="Brightwater"),
    MatchEntry(partner="kestrel", tracking_number="KP-.*"),
)


@pytest.fixture
def guessing(database: Database) -> Office:
    """Where nobody says whose a shipment is, its number tells, and better its carrier."""
    return Office(database, together(matching=BY_CARRIER))


def _is_damaged(office: Office, *numbers: str) -> None:
    scans = [office.scan(number, reason=Reason.DAMAGED) for number in numbers]
    office.hears(checkpoints=[replace(scan, partner=None) for scan in scans])


def test_a_shipment_that_is_another_partners_leaves_the_channel(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1", "KP-2")
    guessing.passes(A_WAIT)
    guessing.delivers()
    assert "KP-1" in guessing.posts("C0KESTREL")[0]
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    (left,) = guessing.posts("C0KESTREL")
    assert "KP-1" not in left
    assert "KP-2" in left
    (there,) = guessing.posts("C0BRIGHTWATER")
    assert "KP-1" in there
    assert not guessing.without_words()


def test_one_that_is_another_partners_by_then_is_never_said_to_the_first(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1", "KP-2")
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    (to_kestrel,) = guessing.posts("C0KESTREL")
    assert "KP-1" not in to_kestrel
    assert "KP-1" in guessing.posts("C0BRIGHTWATER")[0]


def test_one_that_was_resolved_by_hand_is_no_news_to_another_partner(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1", "KP-2")
    guessing.passes(A_WAIT)
    guessing.delivers()
    guessing.do(acting.resolve, guessing.cases()[0], "paid back")
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    assert guessing.posts("C0BRIGHTWATER") == []
    (left,) = guessing.posts("C0KESTREL")
    assert "KP-1" not in left


def test_what_was_done_to_it_before_stays_with_the_first_partner(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1")
    guessing.passes(A_WAIT)
    guessing.delivers()
    guessing.do(acting.acknowledge, guessing.cases()[0])
    guessing.passes(HOUR)
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    assert len(guessing.posts("C0BRIGHTWATER")) == 1
    assert {each.channel for each in guessing.owed(OutboxMethod.REPLY)} == {"C0KESTREL"}
    assert not guessing.without_words()


def test_one_may_go_to_another_partner_and_come_back(database: Database) -> None:
    small = GroupingEntry(group_from_cases=3)
    office = Office(database, together(matching=BY_CARRIER, grouping=small))
    _is_damaged(office, "KP-1")
    office.passes(A_WAIT)
    as_brightwaters = replace(office.order("KP-1"), partner=None, carrier="Brightwater")
    for report in (as_brightwaters, office.order("KP-1")):
        office.hears(report)
        office.passes(A_WAIT)
    (case,) = office.cases()
    assert [alert.id for alert in office.alerts() if office.members(alert)] == [case.alert_id]
    assert "KP-1" in office.posts("C0KESTREL")[-1]
    assert "KP-1" not in office.posts("C0BRIGHTWATER")[-1]


def test_what_comes_back_as_another_partners_is_never_told_to_the_first(guessing: Office) -> None:
    def is_at_customs(partner: str | None) -> None:
        scan = guessing.scan("KP-1", reason=Reason.DOCUMENTS)
        guessing.hears(checkpoints=[replace(scan, partner=partner)])

    is_at_customs(None)
    guessing.passes(HOUR)
    guessing.hears(checkpoints=[replace(guessing.scan("KP-1"), partner=None)])
    guessing.passes(DAY)
    (cleared,) = guessing.cases()
    assert cleared.state == CaseState.RESOLVED
    guessing.delivers()
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    is_at_customs("brightwater")
    guessing.passes(A_WAIT)
    (again,) = [case for case in guessing.cases() if case.state == CaseState.OPEN]
    assert again.partner_key == "brightwater"
    assert "KP-1" in guessing.posts("C0BRIGHTWATER")[0]
    assert len(guessing.posts("C0KESTREL")) == 1
    assert guessing.cases()[0].state == CaseState.RESOLVED


def test_what_was_said_of_it_before_is_not_shown_to_the_next_partner(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1")
    guessing.passes(A_WAIT)
    guessing.delivers()
    guessing.do(acting.escalate, guessing.cases()[0], "Their driver again")
    guessing.passes(HOUR)
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    (there,) = guessing.posts("C0BRIGHTWATER")
    assert "Their driver again" not in there
    assert OLIVIA.user_id not in there
    (case,) = guessing.cases()
    assert case.state == CaseState.OPEN  # nobody there has it yet
    assert guessing.history(case)[-1] == (CaseAction.HANDED_OVER, "to brightwater")


def test_what_was_asked_of_one_partner_is_not_read_by_the_next(guessing: Office) -> None:
    guessing.hears(checkpoints=[replace(guessing.scan("KP-1"), partner=None)])
    guessing.asks_where_it_is("KP-1")
    guessing.delivers()
    assert "Where is it?" in guessing.posts("C0KESTREL")[0]
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    guessing.passes(A_WAIT)
    (there,) = guessing.posts("C0BRIGHTWATER")
    assert "Where is it?" not in there
    assert "before it was known whose shipment this is" in there


def test_whoever_asks_again_is_not_told_what_the_partner_before_did(guessing: Office) -> None:
    _is_damaged(guessing, "KP-1")
    guessing.passes(A_WAIT)
    guessing.do(acting.resolve, guessing.cases()[0], "Their driver paid")
    guessing.hears(guessing.order("KP-1", to="brightwater"))
    with guessing.database.snapshot() as session:
        said = refusal(
            session, guessing.cases()[0].id or 0, "It is resolved.", guessing.book, guessing.clock()
        )
    assert "Their driver paid" not in said.text
