"""Says what the outbox owes, once. The only module that talks to Slack on its own initiative."""

from datetime import timedelta
from typing import Any

import aiohttp
import anyio
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.doubts import Doubts
from bot.alerts.ledger import Ledger, id_of
from bot.alerts.pace import Pace, Said
from bot.alerts.patience import Patience
from bot.alerts.sending import UploadFailed, open_direct_message, send
from bot.alerts.slack_errors import Outcome, outcome_of, retry_after, words_for
from bot.clock import Clock
from bot.messages.file_in_words import file_in_words
from bot.messages.plainer import plainer
from bot.messages.redirected import redirected
from storage import outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

PEOPLE = ("U", "W")  # what their ids begin with

log = structlog.get_logger(__name__)


class Deliverer:
    """Claims what is due, says it at Slack's pace, and settles every doubtful answer."""

    def __init__(
        self,
        database: Database,
        client: AsyncWebClient,
        fallback_channel: str,
        clock: Clock,
        owner: str,
        pace: Pace,
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._client = client
        self._fallback_channel = fallback_channel
        self._clock = clock
        self._owner = owner
        self._pace = pace
        self._patience = patience or Patience()
        self._ledger = Ledger(database, clock, owner, pace, self._patience)
        self._doubts = Doubts(client, self._ledger, clock, pace, self._patience)
        self._is_stopping = False
        self._under_way = 0
        self._all_said = anyio.Event()

    @property
    def trouble(self) -> str | None:
        """Why nothing can be said at present, in words; None when all is well."""
        return self._ledger.trouble

    async def deliver_due(self) -> None:
        """Says all that is due and that the pace allows now. What comes due while a slow call is
        under way does not wait for it."""
        async with anyio.create_task_group() as group:
            while True:
                claimed = [] if self._is_stopping else await self._claim()
                for message, alert_ts in claimed:
                    self._pace.spoke(OutboxMethod(message.method), message.lane)
                    self._under_way += 1
                    group.start_soon(self._say_and_count, message, alert_ts)
                if not claimed and not self._under_way:
                    return
                with anyio.move_on_after(self._patience.claim_again_after):
                    await self._until_all_is_said()

    def begin_nothing_new(self) -> None:
        """From now on, only what is being said is brought to its end."""
        self._is_stopping = True

    async def _until_all_is_said(self) -> None:
        while self._under_way:
            self._all_said = anyio.Event()
            await self._all_said.wait()

    async def _say_and_count(self, message: OutboxMessage, alert_ts: str | None) -> None:
        try:
            await self._say(message, alert_ts)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._all_said.set()

    async def _claim(self) -> list[tuple[OutboxMessage, str | None]]:
        now, speed = self._clock(), self._clock.speed
        tries = await self._database.read(
            outbox.tries_since, now - timedelta(seconds=self._pace.remembers * speed)
        )
        self._pace.heed(
            Said(each.method, each.lane, (now - each.at).total_seconds() / speed) for each in tries
        )
        return await self._database.run(
            outbox.claim,
            now,
            self._owner,
            self._ledger.in_clock_time(self._patience.lease),
            limits=self._pace.allowance(),
            waiting_lanes=list(self._pace.waiting_lanes()),
        )

    async def _say(self, message: OutboxMessage, alert_ts: str | None) -> None:
        if message.method == OutboxMethod.TIDY:
            await self._doubts.tidy(message)
            return
        if message.channel.startswith(PEOPLE):
            await self._open_direct_message(message)
            return
        is_doubtful = message.ambiguous_since is not None and message.method != OutboxMethod.EDIT
        # To say the same edit twice is no harm.
        if is_doubtful and not await self._doubts.is_known_to_be_unsaid(message, alert_ts):
            return
        latest_end = self._clock() + self._ledger.in_clock_time(self._patience.call)
        if latest_end > message.due_at:
            await self._ledger.put_back(message, 0.0, "too little of its lease was left to say it")
            return
        try:
            ts = await send(self._client, message, alert_ts)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, UploadFailed) as error:
            await self._settle(message, alert_ts, error)
            return
        await self._ledger.note_sent(message, ts, may_be_there_twice=is_doubtful)

    async def _open_direct_message(self, message: OutboxMessage) -> None:
        """It is for a person: it is said, and looked for, in the channel that we share."""
        try:
            channel = await open_direct_message(self._client, message.channel)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._settle(message, None, error)
        else:
            await self._ledger.note_direct_message(message, channel)

    async def _settle(self, message: OutboxMessage, alert_ts: str | None, error: Exception) -> None:
        outcome, words = outcome_of(error), words_for(error)
        log.warning(
            "message not delivered",
            outbox=id_of(message),
            channel=message.channel,
            error=words,
            outcome=outcome.name.lower(),
        )
        match outcome:
            case Outcome.WAIT:
                seconds = retry_after(error)
                self._pace.hold(OutboxMethod(message.method), message.lane, seconds)
                await self._ledger.put_back(message, seconds, words)
            case Outcome.AMBIGUOUS:
                await self._ledger.doubt(message, words)
            case Outcome.FAILED if message.attempt < self._patience.uploads:
                await self._ledger.put_back(message, self._patience.look_again_after, words)
            case Outcome.REFUSED:
                await self._ledger.wait_for_a_token(message, words)
            case Outcome.CLOSED:
                await self._ledger.wait_for_the_workspace(message, words)
            case Outcome.ELSEWHERE if await self._ledger.redirect(
                message,
                self._fallback_channel,
                lambda payload: redirected(payload, message.channel, words),
            ):
                log.info("told in the fallback channel", outbox=id_of(message))
            case Outcome.PLAINER | Outcome.FAILED if plain := _plainer(message, words):
                await self._ledger.reword(message, plain)
            case Outcome.PARENT_GONE if alert_ts is not None:
                await self._ledger.post_anew(message, alert_ts)
            case _:
                await self._ledger.set_aside(message, words)


def _plainer(message: OutboxMessage, words: str) -> dict[str, Any] | None:
    if message.method == OutboxMethod.FILE:
        return file_in_words(message.payload, words)
    return plainer(message.payload)
