"""A mute ends, at its time or earlier by hand; then it is told what it held back.

The end and its telling are two transactions. The first waits for whoever holds something back
under the mute at this moment, and after it nobody can; so the second sees all that was held back.
The due row stays until it is told: nothing is lost in between, and it is said once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.announcing import announce, announce_unmuted
from bot.alerts.quiet import may_not_wait, quiet_until
from bot.apart import each_to_its_end
from bot.book.models import Book
from bot.cases.changes import CLOCK
from bot.clock import Clock, lasting
from bot.messages.blocks import Message
from bot.messages.mutes import HeldBack, MuteTally, already_over, unknown_mute, unmuted
from bot.mutes.holding_back import longest_over
from bot.mutes.owing import owed_end, owed_ended_notice
from bot.mutes.shown import channel_of, mute_card
from bot.viewer import Viewer
from storage import alerts, due, mutes, outbox, shipments
from storage.database import Database
from storage.due import ClaimedDue
from storage.tables import Case
from storage.vocabulary import CaseKind, CaseState, DueKind

LEASE = 60.0  # seconds that a claim lasts: many times as long as what is done under it
ENDED_AT_ONCE = 50  # mutes of one tick


class MuteEnding:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._owner = owner

    async def end_due(self) -> None:
        """All whose time has come, and those that were ended by hand, each on its own."""
        lease = lasting(self._clock, LEASE)
        claimed = await self._database.run(
            due.claim, DueKind.END_MUTE, self._clock(), self._owner, lease, ENDED_AT_ONCE
        )
        await each_to_its_end([self._end(one) for one in claimed])

    async def _end(self, claimed: ClaimedDue) -> None:
        await self._database.run(end_by_clock, int(claimed.subject), self._clock())
        await self._database.run(tell_end, claimed, self._book, self._clock())


def end_by_hand(
    session: Session, mute_id: int, viewer: Viewer, book: Book, now: datetime
) -> Message:
    """The answer is for who asked; the channel is told at the next tick."""
    mute = mutes.lock(session, mute_id)
    if mute is None or not viewer.may_see(mute.partner_key):
        return unknown_mute(str(mute_id))
    if mute.ended_at is not None or mute.ends_at <= now:
        return already_over(mute_card(session, mute, book, now))
    mute.ended_at = now
    mute.ended_by = viewer.user_id
    due.schedule(session, DueKind.END_MUTE, str(mute_id), now)
    return unmuted(mute_card(session, mute, book, now), channel_of(session, mute, book))


def end_by_clock(session: Session, mute_id: int, now: datetime) -> None:
    """Leaves alone what ended before, or has time."""
    mute = mutes.lock(session, mute_id)
    if mute is None or mute.ended_at is not None or mute.ends_at > now:
        return
    mute.ended_at = mute.ends_at
    mute.ended_by = CLOCK


def tell_end(session: Session, claimed: ClaimedDue, book: Book, now: datetime) -> None:
    """What was held back and is still open is announced; then it is said aloud that the mute is
    over. What ends by itself in quiet hours is said when they are over."""
    mute = mutes.get(session, int(claimed.subject))
    if mute is None or mute.ended_at is None:
        due.finish(session, claimed, mute.ends_at if mute else None)
        return
    is_by_clock = mute.ended_by == CLOCK
    wait_until = quiet_until(book, mute.partner_key, now) if is_by_clock else None
    if not due.finish(session, claimed, wait_until):
        return
    held = mutes.cases_held_back(session, int(claimed.subject))
    unsaid = [case for case in held if case.alert_id is None and case.state != CaseState.RESOLVED]
    by_others = _held_back_by_others(session, unsaid, now)
    _announce(session, [case for case in unsaid if case.id not in by_others], book, now)
    tally = MuteTally(_by_kind(held), len(by_others))
    alert = alerts.get(session, mute.alert_id or 0)
    if alert is None:
        raise LookupError(f"mute {mute.id} has lost its alert {mute.alert_id}")
    card = mute_card(session, mute, book, now)
    owed = [owed_ended_notice(alert, card, tally)]
    if wait_until is None:
        owed.append(owed_end(alert, card, tally))
        _pass_on(unsaid, by_others)
    outbox.put_many(session, owed, now)


def _held_back_by_others(
    session: Session, unsaid: Sequence[Case], now: datetime
) -> Mapping[int, int]:
    """The mutes that go on holding them back, by case."""
    active = mutes.active_for(session, {case.partner_key for case in unsaid}, now)
    ids = sorted({case.shipment_id for case in unsaid if case.shipment_id is not None})
    known = shipments.by_ids(session, ids) if active else {}
    return {
        case.id: other.id
        for case in unsaid
        if (other := longest_over(active, case, known.get(case.shipment_id or 0))) is not None
        and case.id is not None
        and other.id is not None
    }


def _pass_on(unsaid: Sequence[Case], by_others: Mapping[int, int]) -> None:
    """Once it is told that they were held back: until then they count for the mute that is over."""
    for case in unsaid:
        case.muted_by = by_others.get(case.id or 0, case.muted_by)


def _announce(session: Session, cases: Sequence[Case], book: Book, now: datetime) -> None:
    """One message for a partner in each place. In quiet hours, what is critical is not kept for
    their end with the others."""
    urgent = [case for case in cases if _is_urgent(case, book, now)]
    others = [case for case in cases if not _is_urgent(case, book, now)]
    announce(session, urgent, book, now)
    announce_unmuted(session, others, book, now)


def _is_urgent(case: Case, book: Book, now: datetime) -> bool:
    return may_not_wait(case) and quiet_until(book, case.partner_key, now) is not None


def _by_kind(held: Sequence[Case]) -> Sequence[HeldBack]:
    """The most frequent first."""
    cases = Counter(case.kind for case in held)
    still_open = Counter(case.kind for case in held if case.state != CaseState.RESOLVED)
    return [
        HeldBack(CaseKind(kind), count, still_open[kind]) for kind, count in cases.most_common()
    ]
