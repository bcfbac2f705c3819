"""Judges what changed or came due. A judgement, its cases and the words they owe are one
transaction; killed in the middle, it has not happened and is still due."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book import calendar_of, thresholds_for
from bot.book.models import Book, PartnerEntry, TermEntry
from bot.cases.acting import wake
from bot.cases.changes import CaseChange
from bot.cases.remembering import Subject, remember
from bot.clock import Clock
from bot.journeys import load_journeys
from bot.rules.catalogue import Judgement, judge
from bot.rules.finding import Finding
from bot.rules.journey import Journey
from bot.rules.policy import Policy
from bot.rules.source_health import judge_source
from bot.rules.terms import judge_term
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.computing import measure
from bot.scorecards.periods import Period, month_of
from storage import due, sources
from storage.database import Database
from storage.vocabulary import DueKind

SHIPMENT = "shipment:"
JUDGED_AT_ONCE = 1000  # shipments of one transaction
LEASE = timedelta(minutes=5)  # never outlives the transaction that took it


class Judging:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._policies = Policies(book)
        self._clock = clock
        self._owner = owner

    async def judge_due(self) -> None:
        """All that is due now, in batches. Nothing is judged before every source was read to its
        end once: half a history looks like a hundred missed promises."""
        if not await self._database.read(_all_were_read, [s.key for s in self._book.sources]):
            return
        while await self._database.run(
            judge_shipments, self._book, self._policies, self._clock(), self._owner
        ):
            pass
        await self._database.run(judge_terms, self._book, self._clock(), self._owner)

    async def judge_sources(self) -> None:
        await self._database.run(judge_sources, self._book, self._clock(), self._owner)

    async def wake_snoozed(self) -> None:
        await self._database.run(wake_snoozed, self._book, self._clock(), self._owner)


class Policies:
    """Thresholds and calendars, resolved once for each partner and service."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._partners = {partner.key: partner for partner in book.partners}
        self._calendars = {partner.key: calendar_of(partner) for partner in book.partners}
        self._known: dict[tuple[str, str | None], Policy] = {}

    def of(self, partner_key: str, service: str | None) -> Policy | None:
        """None for a partner that is no longer in the book."""
        partner = self._partners.get(partner_key)
        if partner is None:
            return None
        known = self._known.get((partner_key, service))
        if known is None:
            thresholds = thresholds_for(self._book, partner, service)
            known = Policy(thresholds, self._calendars[partner_key])
            self._known[partner_key, service] = known
        return known


def judge_shipments(
    session: Session, book: Book, policies: Policies, now: datetime, owner: str
) -> int:
    """Judges one batch of those that are due; returns how many there were."""
    claimed = due.claim(session, DueKind.JUDGE_SHIPMENT, now, owner, LEASE, JUDGED_AT_ONCE)
    if not claimed:
        return 0
    loaded = load_journeys(session, [int(one.subject) for one in claimed])
    journeys = {journey.shipment_id: journey for journey in loaded}
    subjects: list[Subject] = []
    findings: list[Finding] = []
    next_at: dict[str, datetime | None] = {}
    for one in claimed:
        journey = journeys.get(int(one.subject))
        policy = policies.of(journey.partner_key, journey.service) if journey else None
        if journey is None or policy is None:
            next_at[one.subject] = None
            continue
        judgement = judge(journey, policy, now)
        subjects.append(_subject_of(journey, judgement))
        findings.extend(judgement.findings)
        next_at[one.subject] = judgement.look_again_at
    remembered = remember(session, subjects, findings, now)
    plan(session, remembered.changes, book, now)
    for name, at in remembered.look_again_at.items():
        shipment_id = name.removeprefix(SHIPMENT)
        next_at[shipment_id] = min(next_at[shipment_id] or at, at)
    due.finish_many(session, [(one, next_at[one.subject]) for one in claimed])
    return len(claimed)


def _subject_of(journey: Journey, judgement: Judgement) -> Subject:
    return Subject(
        name=f"{SHIPMENT}{journey.shipment_id}",
        partner_key=journey.partner_key,
        shipment_id=journey.shipment_id,
        is_over=journey.is_over,
        explained=judgement.held_back,
        last_checkpoint_at=journey.checkpoints[-1].occurred_at if journey.checkpoints else None,
    )


def judge_terms(session: Session, book: Book, now: datetime, owner: str) -> None:
    """Judges every term that is due on the last window that is over and settled."""
    terms = {
        term_subject(partner, term): (partner, term)
        for partner in book.partners
        for term in partner.contract.terms
    }
    for one in due.claim(session, DueKind.JUDGE_TERM, now, owner, LEASE, len(terms) or 1):
        known = terms.get(one.subject)
        if known is None:  # gone from the book
            due.finish(session, one, None)
            continue
        partner, term = known
        period = last_settled_month(partner, term, now)
        due.finish(session, one, next_term_judgement(partner, now))
        if _is_in_force(term, period):
            plan(session, _judge_term(session, partner, term, period, now), book, now)


def _judge_term(
    session: Session, partner: PartnerEntry, term: TermEntry, period: Period, now: datetime
) -> list[CaseChange]:
    rate = measure(session, partner.key, term.metric, period, now)
    if rate is None:
        return []
    finding = judge_term(
        partner_key=partner.key,
        metric=term.metric,
        target=term.target,
        minimum_sample=term.minimum_sample,
        better=kpi_named(term.metric).better,
        period_start=period.start,
        period_end=period.end,
        numerator=rate.numerator,
        denominator=rate.denominator,
        now=now,
    )
    name = f"term:{partner.key}:{term.metric}:{period.start:%Y-%m}"
    found = [finding] if finding else []
    return remember(session, [Subject(name, partner.key)], found, now).changes


def term_subject(partner: PartnerEntry, term: TermEntry) -> str:
    return f"{partner.key}:{term.metric}"


def last_settled_month(partner: PartnerEntry, term: TermEntry, now: datetime) -> Period:
    """The latest calendar month of the partner's zone whose late news has had time to arrive."""
    local = (now - timedelta(hours=term.settle_hours)).astimezone(partner.zone)
    return month_of(local.date().replace(day=1) - timedelta(days=1))


def next_term_judgement(partner: PartnerEntry, now: datetime) -> datetime:
    """Every morning at six, in the partner's zone: corrections arrive late."""
    tomorrow = now.astimezone(partner.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(6), partner.zone).astimezone(UTC)


def _is_in_force(term: TermEntry, period: Period) -> bool:
    return (term.effective_from or date.min) <= period.start and period.end <= (
        term.effective_to or date.max
    )


def judge_sources(session: Session, book: Book, now: datetime, owner: str) -> None:
    known = {entry.key for entry in book.sources}
    for one in due.claim(session, DueKind.JUDGE_SOURCE, now, owner, LEASE, len(known)):
        health = sources.get(session, one.subject)
        due.finish(session, one, None)
        if health is None or one.subject not in known:
            continue
        finding = judge_source(
            source_key=health.source_key,
            failures_in_a_row=health.failures_in_a_row,
            last_success_at=health.last_success_at,
            last_error=health.last_error,
            now=now,
        )
        subject = Subject(f"source:{health.source_key}", None)
        found = [finding] if finding else []
        plan(session, remember(session, [subject], found, now).changes, book, now)


def wake_snoozed(session: Session, book: Book, now: datetime, owner: str) -> None:
    for one in due.claim(session, DueKind.WAKE_CASE, now, owner, LEASE, JUDGED_AT_ONCE):
        change = wake(session, int(one.subject), now)
        due.finish(session, one, None)
        if change is not None:
            plan(session, [change], book, now)


def _all_were_read(session: Session, source_keys: Sequence[str]) -> bool:
    read_whole = {health.source_key for health in sources.list_all(session) if health.read_whole_at}
    return set(source_keys) <= read_whole
