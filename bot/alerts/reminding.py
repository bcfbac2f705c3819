"""Says again that nobody has a case: in its thread, at growing pauses of the partner's working
time, until somebody takes it or it has been said often enough."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.alerts.card import case_cards
from bot.alerts.quiet import quiet_until
from bot.alerts.urgency import CRITICAL, ROUTINE
from bot.apart import TRIED_AGAIN_AFTER, do_apart
from bot.book.calendar import calendar_for
from bot.book.models import Book
from bot.clock import Clock, lasting
from bot.messages.cards import CaseCard
from bot.messages.reminder import ReminderCard, reminder
from bot.mutes.holding_back import held_back
from storage import alert_cases, alerts, due, outbox, reminders
from storage.database import Database
from storage.due import ClaimedDue
from storage.outbox import Owed
from storage.tables import Alert, Case
from storage.vocabulary import DueKind, OutboxMethod, Severity

LEASE = 60.0  # seconds that a claim lasts: many times as long as what is done under it
REMINDED_AT_ONCE = 100  # alerts of one transaction
ONE_BY_ONE_AT_MOST = 3  # in a channel at a time: of more of them the worst speaks for all
RINGS_FROM = 2  # the reminder from which on the account manager is asked


def first_reminder_at(
    book: Book, partner_key: str | None, severity: Severity, now: datetime
) -> datetime | None:
    """When it is said for the first time that nobody has what was said just now; None for what is
    never reminded of: nobody is asked to act on what is for information."""
    if book.reminders.at_most == 0 or severity is Severity.INFO:
        return None
    return _in_working_time(book, partner_key, now, _first_pause(book, severity))


def begin_reminding(
    session: Session, alert: Alert, severity: Severity, book: Book, now: datetime
) -> None:
    """Nobody has it since now: it was just said, has come back or grown worse, or its snooze is
    over. `severity`: of the worst case that nobody has."""
    at = first_reminder_at(book, alert.partner_key, severity, now)
    if at is None:
        return
    alert.reminded = 0
    if _others_wait(session, alert):
        due.schedule_earlier(session, DueKind.REMIND_ALERT, str(alert.id), at)
    else:
        due.schedule(session, DueKind.REMIND_ALERT, str(alert.id), at)


def remind_of_newcomers(
    session: Session, alert: Alert, severity: Severity, book: Book, now: datetime
) -> None:
    """Others joined a message that was said before, which rings nobody: reminding begins, unless
    it is under way."""
    if due.due_at(session, DueKind.REMIND_ALERT, str(alert.id)) is None:
        begin_reminding(session, alert, severity, book, now)


class Reminding:
    def __init__(self, database: Database, book: Book, clock: Clock, owner: str) -> None:
        self._database = database
        self._book = book
        self._clock = clock
        self._owner = owner

    async def remind(self) -> None:
        """All that is due now, in batches."""
        lease = lasting(self._clock, LEASE)
        while claimed := await self._database.run(
            due.claim,
            DueKind.REMIND_ALERT,
            self._clock(),
            self._owner,
            lease,
            REMINDED_AT_ONCE,
        ):
            await self._database.run(remind_of, self._book, claimed, self._clock())


def remind_of(session: Session, book: Book, claimed: Sequence[ClaimedDue], now: datetime) -> None:
    """Reminds of what nobody has, and plans when to look at it again."""

    def remind_of_some(some: Sequence[ClaimedDue]) -> None:
        _remind_of(session, book, some, now)

    failed = do_apart(session, claimed, remind_of_some, lambda one: f"reminder:{one.subject}")
    due.put_back_many(session, failed, now + TRIED_AGAIN_AFTER)


def _remind_of(session: Session, book: Book, claimed: Sequence[ClaimedDue], now: datetime) -> None:
    # Locked in the order of all who say alerts: mutes, alerts, what is due.
    ids = [int(one.subject) for one in claimed]
    may_be_said = [case for cases in reminders.untaken(session, ids).values() for case in cases]
    muted = _muted(session, may_be_said, now)
    locked = alerts.lock(session, ids)
    untaken = reminders.untaken(session, ids)  # somebody may have taken one meanwhile
    looks = {
        str(alert_id): _look(book, alert, untaken[alert_id], muted, now)
        for alert_id, alert in locked.items()
        if alert_id in untaken
    }
    planned = [(one, looks.get(one.subject, _OVER).again_at) for one in claimed]
    ours = due.finish_many(session, planned)
    said = [look.said for one in ours if (look := looks.get(one.subject)) and look.said]
    for each in said:
        each.alert.reminded += 1
    outbox.put_many(session, _words(session, list(_spoken(said)), book, now), now)


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said again now."""

    alert: Alert
    worst: Case
    untaken: int
    rings: bool
    beside: int = 0
    """How many others of its channel it speaks for."""


@dataclass(frozen=True, slots=True)
class _Look:
    again_at: datetime | None
    said: _Said | None = None


_OVER = _Look(None)


def _look(
    book: Book, alert: Alert, untaken: Sequence[Case], muted: Collection[int], now: datetime
) -> _Look:
    heard = [case for case in untaken if case.id not in muted]
    worst = min(heard or untaken, key=_worst_first)
    severity = Severity(worst.severity)
    first = first_reminder_at(book, alert.partner_key, severity, now)
    if first is None or alert.reminded >= book.reminders.at_most:
        return _OVER
    if not heard or alert.message_ts is None:
        return _Look(first)
    quiet = quiet_until(book, alert.partner_key, now)
    if quiet is not None and severity is not Severity.CRITICAL:
        return _Look(quiet)
    said = _Said(alert, worst, len(heard), rings=alert.reminded + 1 >= RINGS_FROM)
    if alert.reminded + 1 >= book.reminders.at_most:
        return _Look(None, said)
    pause = _first_pause(book, severity) * 2 ** (alert.reminded + 1)
    return _Look(_in_working_time(book, alert.partner_key, now, pause), said)


def _spoken(said: Sequence[_Said]) -> Iterator[_Said]:
    """After a quiet night there may be dozens: nobody reads so many lines."""
    of_channels: defaultdict[tuple[str, str | None], list[_Said]] = defaultdict(list)
    for each in said:
        of_channels[each.alert.channel, each.alert.partner_key].append(each)
    for together in of_channels.values():
        if len(together) <= ONE_BY_ONE_AT_MOST:
            yield from together
        else:
            worst = min(together, key=lambda one: _worst_first(one.worst))
            rings = any(one.rings for one in together)
            yield replace(worst, rings=rings, beside=len(together) - 1)


def _words(session: Session, said: Sequence[_Said], book: Book, now: datetime) -> list[Owed]:
    cards = case_cards(session, [each.worst for each in said], book, now)
    members = alert_cases.memberships(session, [_id(each.alert) for each in said])
    owed = []
    for each, worst in zip(said, cards, strict=True):
        alert = each.alert
        words = reminder(
            ReminderCard(
                worst=worst,
                untaken=each.untaken,
                cases=members[_id(alert)].cases,
                waited=_waited(book, alert, worst),
                rings=each.rings,
                beside=each.beside,
            )
        )
        owed.append(
            Owed(
                # Their count begins anew; who holds the claim says it, and nobody else does.
                key=f"alert:{alert.id}:reminder:{worst.now.isoformat()}",
                method=OutboxMethod.REPLY,
                channel=alert.channel,
                payload={
                    "text": words.text,
                    "blocks": list(words.blocks),
                    "reply_broadcast": True,
                },
                urgency=CRITICAL if worst.severity is Severity.CRITICAL else ROUTINE,
                alert_id=alert.id,
            )
        )
    return owed


def _others_wait(session: Session, alert: Alert) -> bool:
    """Their turn does not begin anew with one that came back."""
    standing = alert_cases.memberships(session, [_id(alert)]).get(_id(alert))
    return standing is not None and standing.open > 1


def _waited(book: Book, alert: Alert, worst: CaseCard) -> timedelta:
    """The working time since it was told, or came back, or woke up."""
    since = max(worst.handled_at or worst.opened_at, alert.said_at or alert.created_at)
    return calendar_for(book, alert.partner_key).working_time_between(since, worst.now)


def _in_working_time(
    book: Book, partner_key: str | None, now: datetime, pause: timedelta
) -> datetime:
    """Not at the very end of a day, when everybody leaves."""
    calendar = calendar_for(book, partner_key)
    return calendar.next_working_instant(calendar.add_working_time(now, pause))


def _first_pause(book: Book, severity: Severity) -> timedelta:
    if severity is Severity.CRITICAL:
        return timedelta(hours=book.reminders.critical_first_after_working_hours)
    return timedelta(hours=book.reminders.first_after_working_hours)


def _muted(session: Session, untaken: Sequence[Case], now: datetime) -> Collection[int]:
    """Those that a mute would hold back if they were new."""
    return held_back(session, untaken, now)


def _worst_first(case: Case) -> tuple[int, datetime, int]:
    return -Severity(case.severity).rank, case.since, case.id or 0


def _id(alert: Alert) -> int:
    if alert.id is None:
        raise ValueError("an alert is stored before anybody is reminded of it")
    return alert.id
