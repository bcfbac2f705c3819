"""What a digest tells, read from the tables."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.alerts.links import linked_cards
from bot.book.models import Book, PartnerEntry
from bot.digests.times import day_of
from bot.digests.wanted import Digest
from bot.messages.digest_card import DigestCard, OnTimeLine, PartnerLine, Tally, Trouble
from bot.scorecards.catalogue import ON_TIME_DELIVERY, kpi_named
from bot.scorecards.computing import measure, terms_in_force
from bot.scorecards.figures import Figure
from bot.scorecards.periods import Period, month_of
from storage import digests as stored
from storage import mutes, outbox
from storage.digests import OpenCount
from storage.tables import Case
from storage.vocabulary import Severity

WORST_SHOWN = 10
AT_RISK_SHOWN = 5
AT_RISK_READ = 30  # a shipment may have several
NAMED_AT_MOST = 3  # partners, in the title
WEEK = timedelta(days=7)


def collect(
    session: Session, book: Book, digest: Digest, since: datetime, now: datetime
) -> DigestCard:
    """`since`: when the last one was said."""
    keys = None if digest.tells_of_all else [partner.key for partner in digest.partners]
    named = [partner.key for partner in digest.partners]
    today = day_of(digest, now)
    counts = _Counts(
        stored.open_counts(session, keys),
        stored.opened_since(session, keys, since),
        stored.resolved_since(session, keys, since),
    )
    promised = stored.promised_on(session, named, today)
    at_risk = stored.cases_of_promised_on(session, named, today, AT_RISK_READ)
    worst = stored.worst_open(session, keys, WORST_SHOWN)
    return DigestCard(
        every=digest.entry.every,
        now=now,
        since=since,
        zone=digest.zone.key,
        of_whom=_names(digest),
        tally=counts.of_all(),
        worst=linked_cards(session, worst, book, now),
        held_back=stored.held_back(session, keys),
        promised_today=promised.under_way,
        promised_in_trouble=promised.in_trouble,
        at_risk=linked_cards(session, _one_a_shipment(at_risk)[:AT_RISK_SHOWN], book, now),
        partners=() if digest.only_partner else _partner_lines(digest, counts),
        on_time=_on_time(session, digest.partners, now) if digest.entry.every == "week" else (),
        trouble=_trouble(session) if digest.tells_of_all else None,
    )


def _one_a_shipment(worst_first: Iterable[Case]) -> list[Case]:
    worst_of: dict[int | None, Case] = {}
    for case in worst_first:
        worst_of.setdefault(case.shipment_id, case)
    return list(worst_of.values())


def _names(digest: Digest) -> str | None:
    if digest.tells_of_all:
        return None
    names = [partner.name for partner in digest.partners]
    return ", ".join(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} partners"


@dataclass(frozen=True, slots=True)
class _Counts:
    open: Sequence[OpenCount]
    came_up: Mapping[str | None, int]
    resolved: Mapping[str | None, int]

    @property
    def keys(self) -> set[str | None]:
        return {count.partner_key for count in self.open} | {*self.came_up, *self.resolved}

    def of_all(self) -> Tally:
        return _tally(self.open, sum(self.came_up.values()), sum(self.resolved.values()))

    def of(self, partner_key: str | None) -> Tally:
        return _tally(
            [count for count in self.open if count.partner_key == partner_key],
            self.came_up.get(partner_key, 0),
            self.resolved.get(partner_key, 0),
        )


def _tally(counts: Collection[OpenCount], came_up: int, resolved: int) -> Tally:
    def as_severe_as(severity: Severity) -> int:
        return sum(count.open for count in counts if count.severity is severity)

    return Tally(
        open=sum(count.open for count in counts),
        critical=as_severe_as(Severity.CRITICAL),
        warning=as_severe_as(Severity.WARNING),
        untaken=sum(count.untaken for count in counts),
        came_up=came_up,
        resolved=resolved,
    )


def _partner_lines(digest: Digest, counts: _Counts) -> list[PartnerLine]:
    """Of everybody whom it tells of, and of who left the book and has something open."""
    names: dict[str | None, str | None] = {key: key for key in sorted(counts.keys, key=str)}
    names.update({partner.key: partner.name for partner in digest.partners})
    return [PartnerLine(name, counts.of(key)) for key, name in names.items()]


def _trouble(session: Session) -> Trouble:
    return Trouble(
        sources=[subject.removeprefix("source:") for subject in stored.sources_in_trouble(session)],
        dead_letters=outbox.count_dead(session),
        mutes=mutes.count_active(session),
    )


def _on_time(session: Session, partners: Iterable[PartnerEntry], now: datetime) -> list[OnTimeLine]:
    """Of those of whom something is known, or promised by contract."""
    lines = []
    for partner in partners:
        today = now.astimezone(partner.zone).date()
        yesterday = today - timedelta(days=1)
        week = Period(today - WEEK, yesterday, "the last 7 days")
        line = OnTimeLine(
            partner.name,
            _punctuality(session, partner, week, now),
            _punctuality(session, partner, month_of(today), now),
        )
        if line.week.rate or line.month.rate or line.month.target is not None:
            lines.append(line)
    return lines


def _punctuality(session: Session, partner: PartnerEntry, period: Period, now: datetime) -> Figure:
    term = terms_in_force(partner.contract.terms, period).get(ON_TIME_DELIVERY)
    return Figure(
        kpi=kpi_named(ON_TIME_DELIVERY),
        rate=measure(session, partner.key, ON_TIME_DELIVERY, period, now),
        target=term.target if term else None,
        minimum_sample=term.minimum_sample if term else 1,
    )
