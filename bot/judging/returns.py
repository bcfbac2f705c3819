"""Judges, once a day for each partner, whether an account or an item comes back unusually often."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.book.models import Book, PartnerEntry
from bot.cases.remembering import Subject, remember
from bot.judging.claimed import judge_claimed
from bot.judging.mornings import next_morning
from bot.judging.policies import Policies
from bot.rules.finding import Finding
from bot.rules.returns_above_normal import ReturnsCount, ReturnsOf, judge_returns
from storage import cases, returns
from storage.vocabulary import CaseKind, DueKind

RECENT_DAYS = 7
BEFORE_DAYS = 84  # twelve weeks: long enough to know what is normal, short enough to be current


def judge_returns_of_partners(
    session: Session, book: Book, _policies: Policies, now: datetime, owner: str
) -> None:
    partners = {partner.key: partner for partner in book.partners}

    def judge_one(subject: str) -> datetime | None:
        partner = partners.get(subject)
        if partner is None:
            return None
        findings = [
            finding
            for returns_of in ReturnsOf
            for finding in _findings(session, partner, returns_of, now)
        ]
        open_ones = cases.open_of_kind(session, partner.key, CaseKind.RETURNS_ABOVE_NORMAL)
        names = {case.subject for case in open_ones} | {finding.subject for finding in findings}
        subjects = [Subject(name, partner.key) for name in sorted(names)]
        plan(session, remember(session, subjects, findings, now).changes, book, now)
        return next_morning(partner, now)

    judge_claimed(session, DueKind.JUDGE_RETURNS, now, owner, judge_one, len(partners))


def _findings(
    session: Session, partner: PartnerEntry, returns_of: ReturnsOf, now: datetime
) -> list[Finding]:
    recent_since = now - timedelta(days=RECENT_DAYS)
    before_since = recent_since - timedelta(days=BEFORE_DAYS)
    known_since = returns.first_shipment_at(session, partner.key)
    if known_since is None:
        return []
    before_days = min(BEFORE_DAYS, (recent_since - known_since).days)
    counts = returns.counts(session, partner.key, returns_of.value, before_since, recent_since, now)
    found = (
        judge_returns(
            partner_key=partner.key,
            returns_of=returns_of,
            name=count.name,
            count=ReturnsCount(
                recent=count.recent,
                before=count.before,
                recent_days=RECENT_DAYS,
                before_days=before_days,
            ),
            looked_at=len(counts),
            now=now,
        )
        for count in counts
        if before_days > 0
    )
    return [finding for finding in found if finding is not None]
