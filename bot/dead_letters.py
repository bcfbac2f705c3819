"""What Slack did not get, for a person at a terminal: what waits, and what was set aside."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from bot.messages.text import cut, plain, plural, span
from storage import outbox
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState

SHOWN = 100  # of those that wait, and of those set aside
WORDS_SHOWN = 120  # characters of a message, and of an error

_METHODS = {
    OutboxMethod.POST: "message",
    OutboxMethod.REPLY: "reply in a thread",
    OutboxMethod.EDIT: "change of a message",
    OutboxMethod.FILE: "file in a thread",
    OutboxMethod.TIDY: "look whether it was said twice",
}
_STATES = {
    OutboxState.PENDING: "still waiting, and goes by itself",
    OutboxState.SENDING: "being said at this moment",
    OutboxState.SENT: "in Slack already",
    OutboxState.DROPPED: "dropped already",
}


class NotSetAside(Exception):
    """Only what was set aside can be sent again or dropped; the text says what it is instead."""


def listing(session: Session, now: datetime) -> list[str]:
    """In lines: first what was set aside, then what waits."""
    dead = outbox.count_dead(session)
    waiting = outbox.count_waiting(session)
    if not dead and not waiting:
        return ["Nothing was set aside, and nothing waits: Slack has all that was owed."]
    lines: list[str] = []
    if dead:
        lines.append(
            f"{plural(dead, 'message')} set aside. Mend the cause, then `tallyman outbox retry ID`;"
            " or `tallyman outbox drop ID`."
        )
        lines.extend(_lines(outbox.list_dead(session, SHOWN), dead, now))
    if waiting:
        they = "itself" if waiting == 1 else "themselves"
        lines.append(f"{plural(waiting, 'message')} waiting, to go by {they}:")
        lines.extend(_lines(outbox.list_unsent(session, SHOWN), waiting, now))
    return lines


def retry(session: Session, message_id: int, now: datetime) -> str:
    """Gives a dead message another life; what to say about it. Raises NotSetAside."""
    if not outbox.retry(session, message_id, now):
        raise NotSetAside(_why_not(session, message_id))
    return f"Message {message_id} waits again: it goes as soon as Tallyman runs."


def drop(session: Session, message_id: int, why: str) -> str:
    """Gives a dead message up, and what waits for it; what to say about it. Raises NotSetAside."""
    dropped = outbox.drop(session, message_id, why)
    if not dropped:
        raise NotSetAside(_why_not(session, message_id))
    followers = dropped - 1
    with_it = (
        f", and with it {plural(followers, 'message')} that waited for it" if followers else ""
    )
    return f"Message {message_id} is dropped{with_it}. It stays in the database, marked: {why}."


def _lines(messages: list[OutboxMessage], count: int, now: datetime) -> Iterator[str]:
    for message in messages:
        tries = plural(message.attempt, "try", "tries") if message.attempt else "not tried yet"
        since = span(now - message.created_at)
        why = f": {cut(plain(message.last_error), WORDS_SHOWN)}" if message.last_error else ""
        what = _METHODS[OutboxMethod(message.method)]
        yield f"  {message.id}  {what} in {message.channel}, for {since}, {tries}{why}"
        yield f"      {cut(plain(str(message.payload['text'])), WORDS_SHOWN)}"
    if count > len(messages):
        yield f"  and {count - len(messages)} more"


def _why_not(session: Session, message_id: int) -> str:
    message = outbox.get(session, message_id)
    if message is None:
        return f"There is no message {message_id}: `tallyman outbox list` names those set aside."
    return f"Message {message_id} is not set aside: it is {_STATES[OutboxState(message.state)]}."
