"""All cases of a message at once: each with its own history, in one transaction, by who may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book
from bot.book.telling import GroupingEntry
from bot.cases import acting, acting_on_groups
from bot.cases.acting_on_groups import GroupChange
from bot.cases.on_request import GroupDeed, carry_out_on_all, carry_out_once
from bot.lookups.groups import group_for
from bot.lookups.listing import list_in_thread
from bot.messages.blocks import Message
from bot.messages.modals import GroupAsked
from bot.viewer import Viewer
from storage import outbox
from storage.database import Database
from storage.tables import Case
from storage.vocabulary import CaseAction, CaseState, OutboxMethod, SnoozedFor, Status
from tests.integration.cases.pipeline import DAY, HOUR, OLIVIA, Pipeline, book_of, partner

TOGETHER = GroupingEntry(wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0)
ANNA = Viewer("U0ANNA", None, is_internal=True)
PETRA = Viewer("U0PETRA", "kestrel", is_internal=False)
NILS = Viewer("U0NILS", "brightwater", is_internal=False)
STRANGER = Viewer("U0STRANGER", None, is_internal=False)


def _book() -> Book:
    quick = book_of(
        partner(),
        partner("brightwater"),
        promise_grace_minutes=0,
        never_picked_up_after_working_hours="off",
        no_scan_after_working_hours="off",
    )
    return quick.model_copy(update={"grouping": TOGETHER})


class Lane(Pipeline):
    """Shipments of one lane, late together, and what people do to their one message."""

    def is_late(self, *numbers: str) -> int:
        """Gives the id of their alert."""
        late = [
            replace(self.order(number, promised=-HOUR), origin="Hamburg", destination="Lagos")
            for number in numbers
        ]
        self.hears(*late)
        (alert_id,) = {case.alert_id for case in self.cases()}
        assert alert_id is not None
        return alert_id

    def asks(self, deed: GroupDeed, alert_id: int, viewer: Viewer = OLIVIA) -> str | None:
        with self.database.transaction() as session:
            declined = carry_out_on_all(session, deed, alert_id, viewer, self.book, self.clock())
        self._say()
        return declined.text if declined else None

    def states(self) -> list[CaseState]:
        return [CaseState(case.state) for case in self.cases()]


@pytest.fixture
def lane(database: Database) -> Lane:
    return Lane(database, _book())


def _numbers(count: int) -> list[str]:
    return [f"KP-{number}" for number in range(count)]


def _snooze(until: datetime) -> GroupDeed:
    def deed(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
        return acting_on_groups.snooze(session, alert_id, viewer, now, until, seen_at=now)

    return deed


def _snooze_until_checkpoint(
    session: Session, alert_id: int, viewer: Viewer, now: datetime
) -> GroupChange:
    return acting_on_groups.snooze_until_checkpoint(session, alert_id, viewer, now, now)


def _resolve(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
    return acting_on_groups.resolve(session, alert_id, viewer, now, "The hub reopened", now)


def test_each_has_its_own_entry_of_history_by_that_person(lane: Lane) -> None:
    alert_id = lane.is_late(*_numbers(3))
    assert lane.asks(acting_on_groups.acknowledge, alert_id) is None
    assert lane.states() == [CaseState.ACKNOWLEDGED] * 3
    for case in lane.cases():
        assert lane.history(case) == [(CaseAction.OPENED, None), (CaseAction.ACKNOWLEDGED, None)]
        assert case.handled_by == "U0OLIVIA"
    assert not lane.without_words()
    assert "<@U0OLIVIA> has 3 of them" in lane.said(lane.cases()[0])[-1]


def test_what_others_took_and_what_is_over_is_counted_and_left(lane: Lane) -> None:
    alert_id = lane.is_late(*_numbers(5))
    first, second, third, *_ = lane.cases()
    lane.do(acting.resolve, first, "It has arrived")
    lane.do(acting.escalate, second, "It is urgent")
    lane.do(acting.acknowledge, third)
    said = lane.asks(acting_on_groups.acknowledge, alert_id, ANNA)
    assert said is not None
    assert said.startswith("2 of 5 acknowledged; ")
    for reason in (
        "<@U0OLIVIA> has 1 already",
        "1 is resolved already",
        "1 is escalated by <@U0OLIVIA> (acknowledge it)",
    ):
        assert reason in said
    assert [case.handled_by for case in lane.cases()[3:]] == ["U0ANNA", "U0ANNA"]
    assert lane.states()[:3] == [
        CaseState.RESOLVED,
        CaseState.ESCALATED,
        CaseState.ACKNOWLEDGED,
    ]


def test_a_second_click_changes_nothing(lane: Lane) -> None:
    alert_id = lane.is_late(*_numbers(2))
    lane.asks(acting_on_groups.acknowledge, alert_id)
    before = [lane.history(case) for case in lane.cases()]
    assert lane.asks(acting_on_groups.acknowledge, alert_id) is None
    said = lane.asks(acting_on_groups.acknowledge, alert_id, ANNA)
    assert said == "0 of 2 acknowledged; <@U0OLIVIA> has 2 already."
    assert [lane.history(case) for case in lane.cases()] == before


def test_two_who_click_at_once_share_nothing(lane: Lane) -> None:
    alert_id = lane.is_late(*_numbers(300))

    def click(viewer: Viewer) -> int:
        with lane.database.transaction() as session:
            change = acting_on_groups.acknowledge(session, alert_id, viewer, lane.clock())
            plan(session, change.changes, lane.book, lane.clock())
        return change.together.done

    with ThreadPoolExecutor() as people:
        done = list(people.map(click, [OLIVIA, ANNA, PETRA]))
    assert sorted(done) == [0, 0, 300]
    assert len({case.handled_by for case in lane.cases()}) == 1
    entries = [action for case in lane.cases() for action, _ in lane.history(case)]
    assert entries.count(CaseAction.ACKNOWLEDGED) == 300


def test_all_wake_at_the_end_of_the_snooze(lane: Lane) -> None:
    alert_id = lane.is_late(*_numbers(3))
    assert lane.asks(_snooze(lane.clock() + 4 * HOUR), alert_id) is None
    lane.passes(3 * HOUR)
    assert lane.states() == [CaseState.SNOOZED] * 3
    lane.passes(2 * HOUR)
    assert lane.states() == [CaseState.OPEN] * 3


def test_each_wakes_with_its_own_next_checkpoint(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    assert lane.asks(_snooze_until_checkpoint, alert_id) is None
    assert {case.snoozed_for for case in lane.cases()} == {SnoozedFor.CHECKPOINT}
    lane.passes(HOUR)
    lane.hears(checkpoints=[lane.scan("KP-2", Status.IN_TRANSIT)])
    assert lane.states() == [CaseState.SNOOZED, CaseState.OPEN]


def test_what_somebody_else_snoozed_stays_as_they_wished(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    lane.do(acting.snooze, lane.cases()[0], lane.clock() + 3 * DAY)
    said = lane.asks(_snooze(lane.clock() + HOUR), alert_id, ANNA)
    assert said == "1 of 2 snoozed; 1 is snoozed by <@U0OLIVIA>."
    assert lane.cases()[0].snoozed_until == lane.clock() + 3 * DAY


def test_a_time_that_passed_while_it_was_filled_in_changes_nothing(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    said = lane.asks(_snooze(lane.clock() - timedelta(seconds=1)), alert_id)
    assert said == "That time has passed: choose a later one."
    assert lane.states() == [CaseState.OPEN] * 2


def test_all_are_resolved_with_the_reason_and_the_message_says_it_is_over(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    assert lane.asks(_resolve, alert_id) is None
    assert lane.states() == [CaseState.RESOLVED] * 2
    for case in lane.cases():
        assert lane.history(case)[-1] == (CaseAction.RESOLVED, "The hub reopened")
    assert "group_resolve" not in lane.shown(lane.cases()[0])
    lane.passes(HOUR)  # what is resolved by hand does not come back by itself
    assert lane.states() == [CaseState.RESOLVED] * 2


def test_what_joined_after_they_had_looked_is_left(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    seen_at = lane.clock()
    lane.clock.advance(timedelta(minutes=1))
    assert lane.is_late("KP-3") == alert_id

    def deed(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
        return acting_on_groups.resolve(session, alert_id, viewer, now, "Data", seen_at)

    assert lane.asks(deed, alert_id) == "2 of 3 resolved; 1 joined after you had looked."
    assert lane.states() == [CaseState.RESOLVED, CaseState.RESOLVED, CaseState.OPEN]


@pytest.mark.parametrize("deed", [acting_on_groups.acknowledge, _resolve, _snooze_until_checkpoint])
@pytest.mark.parametrize("viewer", [NILS, STRANGER])
def test_who_may_not_see_them_finds_nothing(lane: Lane, viewer: Viewer, deed: GroupDeed) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    said = lane.asks(deed, alert_id, viewer)
    assert said is not None
    assert said.startswith("I know nothing here that this button is about.")
    assert lane.states() == [CaseState.OPEN] * 2


def test_the_partners_own_people_act_on_theirs(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    assert lane.asks(acting_on_groups.acknowledge, alert_id, PETRA) is None
    assert {case.handled_by for case in lane.cases()} == {"U0PETRA"}


def test_an_unknown_alert_is_nothing(lane: Lane) -> None:
    lane.is_late("KP-1", "KP-2")
    assert (lane.asks(acting_on_groups.acknowledge, 99_999) or "").startswith("I know nothing")


def test_what_was_handed_over_again_is_not_done_again(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")
    now = lane.clock()

    def snooze(session: Session, viewer: Viewer, book: Book, now: datetime) -> Message | None:
        return carry_out_on_all(session, _snooze(now + HOUR), alert_id, viewer, book, now)

    for _ in range(2):
        with lane.database.transaction() as session:
            assert carry_out_once(session, "a dialogue", snooze, OLIVIA, lane.book, now) is None
    for case in lane.cases():
        assert [action for action, _ in lane.history(case)] == [
            CaseAction.OPENED,
            CaseAction.SNOOZED,
        ]


def test_what_failed_is_done_when_it_is_handed_over_again(lane: Lane) -> None:
    lane.is_late("KP-1", "KP-2")
    done: list[str] = []

    def fails(_session: Session, _viewer: Viewer, _book: Book, _now: datetime) -> Message | None:
        raise RuntimeError("the database went away")

    def does(_session: Session, _viewer: Viewer, _book: Book, _now: datetime) -> Message | None:
        done.append("it")
        return None

    asked = ("a dialogue", OLIVIA, lane.book, lane.clock())
    with pytest.raises(RuntimeError), lane.database.transaction() as session:
        carry_out_once(session, asked[0], fails, *asked[1:])
    with lane.database.transaction() as session:
        carry_out_once(session, asked[0], does, *asked[1:])
    assert done == ["it"]


def test_a_dialogue_knows_what_it_would_do(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2", "KP-3")
    lane.do(acting.resolve, lane.cases()[0], "It has arrived")
    with lane.database.snapshot() as session:
        asked = group_for(session, alert_id, CaseAction.SNOOZED, PETRA, lane.book)
        nothing = group_for(session, alert_id, CaseAction.SNOOZED, NILS, lane.book)
    assert isinstance(asked, GroupAsked)
    assert (asked.together.done, asked.together.cases) == (2, 3)
    assert (asked.zone, asked.partner_name, asked.has_shipments) == (
        "Europe/Berlin",
        "Kestrel",
        True,
    )
    assert isinstance(nothing, Message)


def test_a_list_is_owed_once_a_click(lane: Lane) -> None:
    alert_id = lane.is_late("KP-1", "KP-2")

    def ask(click: str, viewer: Viewer = OLIVIA) -> Message | None:
        with lane.database.transaction() as session:
            return list_in_thread(session, alert_id, click, viewer, lane.book, lane.clock())

    for click in ("U0OLIVIA:1.1", "U0OLIVIA:1.1", "U0ANNA:1.2"):
        assert ask(click) is None
    assert ask("U0NILS:1.3", NILS) is not None
    with lane.database.snapshot() as session:
        owed = [each for each in outbox.list_unsent(session) if each.method == OutboxMethod.FILE]
    assert [each.key for each in owed] == [
        f"alert:{alert_id}:list:asked:U0OLIVIA:1.1",
        f"alert:{alert_id}:list:asked:U0ANNA:1.2",
    ]
    assert owed[0].payload["content"].count("\n") == 3
    assert "KP-2" in owed[0].payload["content"]


def _everyone(case: Case) -> tuple[str, str | None]:
    return case.state, case.handled_by


@pytest.mark.parametrize(
    ("deed", "state"),
    [
        (acting_on_groups.acknowledge, CaseState.ACKNOWLEDGED),
        (_resolve, CaseState.RESOLVED),
        (_snooze_until_checkpoint, CaseState.SNOOZED),
    ],
)
def test_many_are_done_as_few_are(
    lane: Lane, deed: Callable[..., GroupChange], state: CaseState
) -> None:
    """More of them than one statement takes."""
    alert_id = lane.is_late(*_numbers(1_200))
    assert lane.asks(deed, alert_id) is None
    assert {_everyone(case) for case in lane.cases()} == {(state, "U0OLIVIA")}
