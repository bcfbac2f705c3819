"""What is written down of a message that was claimed, once it is known how it went."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session

from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.clock import Clock, lasting
from storage import alerts, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

Payload = dict[str, Any]

log = structlog.get_logger(__name__)


class Ledger:
    """The outbox, as the one who says its messages keeps it."""

    def __init__(
        self, database: Database, clock: Clock, owner: str, pace: Pace, patience: Patience
    ) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._pace = pace
        self._patience = patience
        self.trouble: str | None = None
        """Why nothing can be said at present, in words; None when all is well."""

    async def note_sent(
        self, message: OutboxMessage, ts: str | None, *, may_be_there_twice: bool = False
    ) -> None:
        self.trouble = None
        once_more = self._patience.look_once_more_after
        tidy_at = self._clock.after(once_more) if may_be_there_twice else None
        if await self._database.run(
            outbox.mark_sent, id_of(message), self._owner, ts, self._clock(), tidy_at
        ):
            return
        # The other one looks later whether it is there twice; edits hide each other.
        log.warning("another process has taken it over", outbox=id_of(message))
        if message.method == OutboxMethod.EDIT:
            await self._database.run(outbox.repeat_newest_edit, id_of(message), self._clock())

    async def put_back(self, message: OutboxMessage, seconds: float, why: str) -> None:
        await self._put_back(message, seconds, why, message.ambiguous_since)

    async def doubt(self, message: OutboxMessage, words: str) -> None:
        """Slack may have taken it at this moment, whatever was found out before."""
        now = self._clock()
        tried_for = now - (message.tried_at or now)
        if tried_for > self.in_clock_time(self._patience.give_up_after):
            await self.set_aside(message, f"Slack fails at it again and again: {words}")
            return
        await self._put_back(message, self._patience.look_again_after, words, now)

    async def wait_for_a_token(self, message: OutboxMessage, words: str) -> None:
        self.trouble = f"Slack refuses our token ({words}): put a valid one into SLACK_BOT_TOKEN."
        log.error("slack refuses our token, so everything waits", error=words)
        await self._wait_with_all(message, words)

    async def wait_for_the_workspace(self, message: OutboxMessage, words: str) -> None:
        self.trouble = (
            f"The workspace takes nothing from us at present ({words}): ask its administrators. "
            "All that we owe waits, and is said as soon as it may be."
        )
        log.error("the workspace takes nothing from us, so everything waits", error=words)
        await self._wait_with_all(message, words)

    async def set_aside(self, message: OutboxMessage, words: str) -> None:
        log.error(
            "message set aside: see `tallyman outbox list`", outbox=id_of(message), error=words
        )
        await self._database.run(_set_aside, message, self._owner, words)

    async def redirect(
        self, message: OutboxMessage, channel: str, reworded: Callable[[Payload], Payload]
    ) -> bool:
        """False where it can't go there, as it is there already."""
        return await self._database.run(
            outbox.redirect, id_of(message), self._owner, channel, reworded, self._clock()
        )

    async def reword(self, message: OutboxMessage, payload: Payload) -> None:
        """It is said once more, in these words; those of a file go into its thread instead."""
        is_file = message.method == OutboxMethod.FILE
        say = outbox.tell_instead_of_file if is_file else outbox.rewrite
        await self._database.run(say, id_of(message), self._owner, payload, self._clock())

    async def post_anew(self, message: OutboxMessage, gone_ts: str) -> None:
        await self._database.run(
            outbox.post_anew, id_of(message), self._owner, gone_ts, self._clock()
        )

    async def note_direct_message(self, message: OutboxMessage, channel: str) -> None:
        """All that is for this person is said there, this message too."""
        await self._database.run(
            outbox.direct_message_opened,
            id_of(message),
            self._owner,
            message.channel,
            channel,
            self._clock(),
        )

    def in_clock_time(self, seconds: float) -> timedelta:
        return lasting(self._clock, seconds)

    async def _wait_with_all(self, message: OutboxMessage, words: str) -> None:
        self._pace.hold_all(self._patience.wait_when_refused)
        await self.put_back(message, self._patience.wait_when_refused, words)

    async def _put_back(
        self, message: OutboxMessage, seconds: float, why: str, ambiguous_since: datetime | None
    ) -> None:
        await self._database.run(
            outbox.put_back,
            id_of(message),
            self._owner,
            self._clock.after(seconds),
            why,
            ambiguous_since,
        )


def _set_aside(session: Session, message: OutboxMessage, owner: str, words: str) -> None:
    """What comes up later is not to wait behind it: it begins a message of its own."""
    begins = message.alert_id if message.method == OutboxMethod.POST else None
    alert_ids = [] if begins is None else [begins]
    locked = alerts.lock(session, alert_ids)
    if outbox.mark_dead(session, id_of(message), owner, words):
        for alert in locked.values():
            alert.group_key = None


def id_of(message: OutboxMessage) -> int:
    if message.id is None:
        raise ValueError("only stored messages are said")
    return message.id
