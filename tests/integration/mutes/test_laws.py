"""Whatever is muted, ended and heard, in whatever order: nothing is said early, nothing is lost,
and every mute ends with one word."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlmodel import SQLModel, col

from storage.database import Database
from storage.tables import AlertCase, Case, Mute
from storage.vocabulary import CaseState
from tests.integration.cases.pipeline import DAY, HOUR
from tests.integration.mutes.office import Office, book_of_two

NUMBERS = {
    "KP-1": ("kestrel", "Lagos"),
    "KP-2": ("kestrel", "Accra"),
    "BW-1": ("brightwater", "Lagos"),
}
SCOPES = (
    "kestrel",
    "brightwater",
    "late",
    "kestrel late",
    "kestrel lost",
    'kestrel lane "Hamburg → Accra"',
    "shipment KP-1",
)


@dataclass(frozen=True)
class Late:
    number: str


@dataclass(frozen=True)
class Arrives:
    number: str


@dataclass(frozen=True)
class Muted:
    scope: str
    days: int


@dataclass(frozen=True)
class EndedByHand:
    which: int


@dataclass(frozen=True)
class DiesWhileEnding:
    """Between the end of what is due and its telling."""


@dataclass(frozen=True)
class Passes:
    hours: int


Step = Late | Arrives | Muted | EndedByHand | DiesWhileEnding | Passes

LATES = st.builds(Late, st.sampled_from(sorted(NUMBERS)))
MUTES = st.builds(Muted, st.sampled_from(SCOPES), st.integers(1, 3))
ANY_STEP = st.one_of(
    LATES,
    MUTES,
    st.builds(Arrives, st.sampled_from(sorted(NUMBERS))),
    st.builds(EndedByHand, st.integers(0, 5)),
    st.builds(DiesWhileEnding),
    st.builds(Passes, st.integers(1, 40)),
)


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Muted and late from the first: what comes then is about something."""
    begin = [*draw(st.lists(MUTES, min_size=1, max_size=3)), *draw(st.permutations(ALL_LATE))]
    return [*begin, *draw(st.lists(ANY_STEP, max_size=10))]


ALL_LATE = [Late(number) for number in sorted(NUMBERS)]


class Story(Office):
    """Does one step after the other, and looks after each."""

    def plays(self, steps: Sequence[Step]) -> None:
        self.is_late("KP-0", to="Accra")  # the lane is known from the first
        for step in steps:
            self._does(step)
            self.is_lawful()
        self.later(5 * DAY)
        self.is_lawful()

    def is_lawful(self) -> None:
        """What nobody was told of is held back by a mute whose end is not told yet."""
        standing = {mute.id for mute in self.all_mutes() if not self.is_told(mute)}
        for case in self.unsaid():
            assert case.muted_by in standing, f"{case} is lost"

    def all_mutes(self) -> Sequence[Mute]:
        with self.database.snapshot() as session:
            return list(session.scalars(select(Mute).order_by(col(Mute.id))))

    def is_told(self, mute: Mute) -> bool:
        return self.ends_told()[mute.alert_id] > 0

    def ends_told(self) -> Counter[int | None]:
        """By the alert of each mute's notice."""
        return Counter(
            each.alert_id
            for channel in ("C0KESTREL", "C0BRIGHTWATER", "C0OPS")
            for each in self.replies_in(channel)
            if "The mute of" in str(each.payload["text"])
        )

    def told_in(self, case: Case) -> int:
        with self.database.snapshot() as session:
            rows = session.scalars(select(AlertCase).where(col(AlertCase.case_id) == case.id))
            return len(rows.all())

    def _does(self, step: Step) -> None:
        match step:
            case Late(number):
                partner, to = NUMBERS[number]
                self.is_late(number, of=partner, to=to)
            case Arrives(number):
                self.arrives(number, of=NUMBERS[number][0])
            case Muted(scope, days):
                self.tries_to_mute(f"{scope} for {days} days reason the port is closed")
            case EndedByHand(which):
                active = [mute for mute in self.all_mutes() if mute.ended_at is None]
                if active:
                    self.unmutes(active[which % len(active)])
            case DiesWhileEnding():
                for claimed in self.claims_ends("a process that dies"):
                    self.ends(claimed)
            case Passes(hours):
                self.later(hours * HOUR)


@pytest.fixture
def story(sqlite_database: Database) -> Callable[[], Story]:
    """A new one on an empty database."""

    def begin() -> Story:
        with sqlite_database.transaction() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                session.execute(delete(table))
        return Story(sqlite_database, book_of_two())

    return begin


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stories())
def test_nothing_is_lost_and_every_mute_ends_with_one_word(
    story: Callable[[], Story], steps: Sequence[Step]
) -> None:
    told = story()
    told.plays(steps)

    assert told.unsaid() == []
    ends = told.ends_told()
    assert {mute.alert_id: ends[mute.alert_id] for mute in told.all_mutes()} == dict.fromkeys(
        (mute.alert_id for mute in told.all_mutes()), 1
    )
    for case in told.cases():
        assert told.told_in(case) == (1 if case.alert_id is not None else 0)
        assert case.alert_id is not None or case.state == CaseState.RESOLVED


def test_the_law_is_about_something(story: Callable[[], Story]) -> None:
    told = story()
    told.plays([Muted("kestrel", 2), Late("KP-1"), Passes(60)])
    assert len(told.all_mutes()) == 1
    assert told.case_of("KP-1").muted_by is not None
    assert told.clock() - told.case_of("KP-1").opened_at > timedelta(days=5)
