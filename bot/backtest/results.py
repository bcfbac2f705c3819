"""The figures of a backtest."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median_low

from sqlalchemy import select
from sqlmodel import Session, col

from bot.backtest.hindsight import Outcome, Told, Verdict, outcome_of
from bot.backtest.history import LISTED_AT_MOST, Counts, History
from bot.backtest.tally import Said, Tally
from bot.book.models import Book
from bot.rules.catalogue import RULES
from bot.sources.reports import Rejected
from storage.tables import Case, SetAside, Shipment
from storage.vocabulary import CaseKind, Status

WAITS = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 24, 48, 96))
"""By how much longer a kind might have waited before it spoke."""
LEAD_EDGES = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 24, 48, 72, 120, 240))
"""The upper ends of the lead-time histogram's bars but for the last."""


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio that keeps what it was counted from."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """None where there is nothing to count."""
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return "unknown" if self.value is None else f"{self.value:.1%} ({self.part}/{self.whole})"


@dataclass(slots=True)
class WaitCost:
    """What would have changed, had cases of a kind waited so much longer."""

    wait: timedelta
    spared: int = 0
    """Cases that were over by then."""
    spared_wrong: int = 0
    lost: int = 0
    """Late deliveries that it would have announced too late, or not at all."""


@dataclass(slots=True)
class KindFigures:
    kind: CaseKind
    cases: int = 0
    right: int = 0
    wrong: int = 0
    undecided: int = 0
    announced: int = 0
    """Announcements whose shipment's outcome is known."""
    announced_late: int = 0
    lead_times: list[timedelta] = field(default_factory=list)
    waits: list[WaitCost] = field(default_factory=lambda: [WaitCost(wait) for wait in WAITS])

    def add(self, other: "KindFigures") -> None:
        self.cases += other.cases
        self.right += other.right
        self.wrong += other.wrong
        self.undecided += other.undecided
        self.announced += other.announced
        self.announced_late += other.announced_late
        self.lead_times.extend(other.lead_times)
        for mine, its in zip(self.waits, other.waits, strict=True):
            mine.spared += its.spared
            mine.spared_wrong += its.spared_wrong
            mine.lost += its.lost

    @property
    def precision(self) -> Share:
        return Share(self.announced_late, self.announced)

    @property
    def median_lead(self) -> timedelta | None:
        return median_low(self.lead_times) if self.lead_times else None


@dataclass(slots=True)
class Figures:
    """Counted of a part of the shipments."""

    since: datetime
    end: datetime
    messages: Counter[Said] = field(default_factory=Counter)
    set_aside: list[Rejected] = field(default_factory=list)
    kinds: dict[CaseKind, KindFigures] = field(default_factory=dict)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    """Of shipments whose promise lies within the time reported."""
    announced: Counter[Outcome] = field(default_factory=Counter)
    """Of those, the ones that were announced to become late before their promise passed."""
    lead_times: list[timedelta] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        self.messages.update(other.messages)
        self.set_aside.extend(other.set_aside)
        self.outcomes.update(other.outcomes)
        self.announced.update(other.announced)
        self.lead_times.extend(other.lead_times)
        for kind, figures in other.kinds.items():
            self.kinds.setdefault(kind, KindFigures(kind)).add(figures)


@dataclass(slots=True, kw_only=True)
class Results(Figures):
    """Of all of them."""

    counts: Counts
    partners: int
    channels: dict[str, str]
    """The name to show of each."""

    def add(self, other: Figures) -> None:
        self.counts.set_aside += len(other.set_aside)
        Figures.add(self, other)
        del self.set_aside[LISTED_AT_MOST:]

    @property
    def days(self) -> int:
        return (self.end.date() - self.since.date()).days + 1

    @property
    def recall(self) -> Share:
        """Of the late ones, those that were announced before their promise passed."""
        return Share(self.announced[Outcome.LATE], self.outcomes[Outcome.LATE])

    @property
    def precision(self) -> Share:
        """Of the announced ones, those that became late."""
        late, in_time = self.announced[Outcome.LATE], self.announced[Outcome.IN_TIME]
        return Share(late, late + in_time)

    @property
    def median_lead(self) -> timedelta | None:
        return median_low(self.lead_times) if self.lead_times else None

    @property
    def cases(self) -> int:
        return sum(figures.cases for figures in self.kinds.values())

    def lead_histogram(self) -> list[int]:
        """One more than LEAD_EDGES: what is longer than the last."""
        bars = [0] * (len(LEAD_EDGES) + 1)
        for lead in self.lead_times:
            bars[bisect_right(LEAD_EDGES, lead)] += 1
        return bars


@dataclass(frozen=True, slots=True)
class Swept:
    """The same history, with one threshold multiplied."""

    name: str
    factor: float
    results: Results


def empty_results(book: Book, history: History, since: datetime, end: datetime) -> Results:
    return Results(
        since=since,
        end=end,
        counts=replace(history.counts),
        set_aside=list(history.set_aside),
        partners=len(book.partners),
        channels=_channel_names(book),
        messages=Counter(),
    )


def figures_of(session: Session, tally: Tally, since: datetime, end: datetime) -> Figures:
    results = Figures(since, end, tally.messages, set_aside=_set_aside_by_ingest(session))
    for promised_at, delivered_at, status in session.execute(
        select(col(Shipment.promised_at), col(Shipment.delivered_at), col(Shipment.status))
        .where(col(Shipment.promised_at) >= since, col(Shipment.promised_at) <= end)
        .execution_options(yield_per=5_000)
    ):
        results.outcomes[outcome_of(promised_at, delivered_at, Status(status), end)] += 1
    for _, of_shipment in groupby(_told(session, since, end), key=lambda pair: pair[0]):
        _count_shipment(results, [told for _, told in of_shipment])
    return results


def _told(session: Session, since: datetime, end: datetime) -> Iterator[tuple[int | None, Told]]:
    """Those of one shipment together."""
    rows = session.execute(
        select(
            col(Case.shipment_id),
            col(Case.kind),
            col(Case.opened_at),
            col(Case.resolved_at),
            col(Shipment.promised_at),
            col(Shipment.delivered_at),
            col(Shipment.status),
        )
        .outerjoin(Shipment, col(Shipment.id) == col(Case.shipment_id))
        .where(col(Case.opened_at) >= since)
        .order_by(col(Case.shipment_id), col(Case.opened_at), col(Case.id))
        .execution_options(yield_per=5_000)
    )
    for shipment_id, kind, opened_at, resolved_at, promised_at, delivered_at, status in rows:
        outcome = outcome_of(promised_at, delivered_at, Status(status) if status else None, end)
        yield shipment_id, Told(CaseKind(kind), opened_at, resolved_at, promised_at, outcome)


def _count_shipment(results: Figures, cases: Sequence[Told]) -> None:
    for told in cases:
        figures = results.kinds.setdefault(told.kind, KindFigures(told.kind))
        _count_case(figures, told)
    announcements = [told for told in cases if told.is_announcement]
    if not announcements:
        return
    first = announcements[0]
    promised_at = first.promised_at
    if promised_at is None or not results.since <= promised_at <= results.end:
        return
    results.announced[first.outcome] += 1
    if first.outcome is Outcome.LATE:
        results.lead_times.append(promised_at - first.opened_at)


def _count_case(figures: KindFigures, told: Told) -> None:
    figures.cases += 1
    verdict = told.verdict
    match verdict:
        case Verdict.RIGHT:
            figures.right += 1
        case Verdict.WRONG:
            figures.wrong += 1
        case Verdict.UNDECIDED:
            figures.undecided += 1
    is_counted = told.is_announcement and verdict is not Verdict.UNDECIDED
    is_late = is_counted and verdict is Verdict.RIGHT
    figures.announced += is_counted
    figures.announced_late += is_late
    if is_late and told.promised_at is not None:
        figures.lead_times.append(told.promised_at - told.opened_at)
    for cost in figures.waits:
        speaks_at = told.opened_at + cost.wait
        is_spared = told.resolved_at is not None and told.resolved_at <= speaks_at
        cost.spared += is_spared
        cost.spared_wrong += is_spared and verdict is Verdict.WRONG
        comes_too_late = told.promised_at is not None and speaks_at >= told.promised_at
        cost.lost += is_late and (is_spared or comes_too_late)


def has_thresholds(kind: CaseKind) -> bool:
    return any(rule.kind is kind and rule.thresholds for rule in RULES)


def _set_aside_by_ingest(session: Session) -> list[Rejected]:
    return [
        Rejected(row.place, row.reason, row.excerpt)
        for row in session.scalars(select(SetAside).order_by(col(SetAside.place)))
    ]


def _channel_names(book: Book) -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for partner in book.partners:
        names.setdefault(partner.channel, []).append(partner.name)
    shown = {channel: ", ".join(of_channel) for channel, of_channel in names.items()}
    return {**shown, book.ops_channel: shown.get(book.ops_channel) or "Operations"}
