"""Says what the outbox owes, once. The only module that talks to Slack on its own initiative."""

from datetime import timedelta

import aiohttp
import anyio
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.pace import Pace
from bot.alerts.searching import find_message
from bot.alerts.slack_errors import Outcome, outcome_of, retry_after, words_for
from bot.clock import Clock, after
from bot.messages.redirected import redirected
from storage import outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

LEASE = 45.0  # seconds: outlives a call that times out, and its bookkeeping
LOOK_FOR = 10.0  # seconds: Slack's history lags behind a post
LOOK_AGAIN_AFTER = 2.0  # seconds
WAIT_WHEN_REFUSED = 30.0  # seconds between tries while the token is refused
EVENT_TYPE = "tallyman_message"

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
    ) -> None:
        self._database = database
        self._client = client
        self._fallback_channel = fallback_channel
        self._clock = clock
        self._owner = owner
        self._pace = pace
        self.trouble: str | None = None
        """Why nothing can be said at present, in words; None when all is well."""

    async def deliver_due(self) -> None:
        """Says all that is due and that the pace allows now."""
        while claimed := await self._claim():
            async with anyio.create_task_group() as group:
                for message, alert_ts in claimed:
                    self._pace.spoke(OutboxMethod(message.method), message.lane)
                    group.start_soon(self._say, message, alert_ts)

    async def _claim(self) -> list[tuple[OutboxMessage, str | None]]:
        return await self._database.run(
            outbox.claim,
            self._clock(),
            self._owner,
            timedelta(seconds=LEASE * self._clock.speed),
            limits=self._pace.allowance(),
            waiting_lanes=list(self._pace.waiting_lanes()),
        )

    async def _say(self, message: OutboxMessage, alert_ts: str | None) -> None:
        try:
            ts = await self._find_or_send(message, alert_ts)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._settle(message, error)
            return
        if ts is None:
            await self._put_back(message, LOOK_AGAIN_AFTER, "looking whether Slack has it")
            return
        self.trouble = None
        await self._database.run(outbox.mark_sent, _id(message), self._owner, ts, self._clock())

    async def _find_or_send(self, message: OutboxMessage, alert_ts: str | None) -> str | None:
        """The ts under which Slack has it; None where it is too early to tell."""
        if message.ambiguous_since is None or message.method == OutboxMethod.EDIT:
            return await self._send(message, alert_ts)  # to say the same edit twice is no harm
        thread_ts = alert_ts if message.method == OutboxMethod.REPLY else None
        found = await find_message(self._client, message.channel, message.key, thread_ts)
        if found is not None:
            return found
        looked_for = self._clock() - message.ambiguous_since
        if looked_for < timedelta(seconds=LOOK_FOR * self._clock.speed):
            return None
        return await self._send(message, alert_ts)

    async def _send(self, message: OutboxMessage, alert_ts: str | None) -> str:
        text, blocks = message.payload["text"], message.payload.get("blocks")
        if message.method == OutboxMethod.EDIT:
            answer = await self._client.chat_update(
                channel=message.channel, ts=alert_ts or "", text=text, blocks=blocks
            )
            return str(answer["ts"])
        answer = await self._client.chat_postMessage(
            channel=message.channel,
            text=text,
            blocks=blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": message.key}},
            unfurl_links=False,
            unfurl_media=False,
            thread_ts=alert_ts if message.method == OutboxMethod.REPLY else None,
            reply_broadcast=message.payload.get("reply_broadcast"),
        )
        return str(answer["ts"])

    async def _settle(self, message: OutboxMessage, error: Exception) -> None:
        outcome, words = outcome_of(error), words_for(error)
        log.warning(
            "message not delivered",
            outbox=_id(message),
            channel=message.channel,
            error=words,
            outcome=outcome.name.lower(),
        )
        match outcome:
            case Outcome.WAIT:
                seconds = retry_after(error)
                self._pace.hold(OutboxMethod(message.method), message.lane, seconds)
                await self._put_back(message, seconds, words)
            case Outcome.AMBIGUOUS:
                await self._doubt(message, words)
            case Outcome.REFUSED:
                await self._wait_for_a_token(message, words)
            case Outcome.ELSEWHERE if self._can_redirect(message):
                payload = redirected(message.payload, message.channel, words)
                await self._database.run(
                    outbox.redirect,
                    _id(message),
                    self._owner,
                    self._fallback_channel,
                    payload,
                    self._clock(),
                )
            case Outcome.PLAINER if message.payload.get("blocks"):
                plain = {**message.payload, "blocks": []}
                await self._database.run(
                    outbox.rewrite, _id(message), self._owner, plain, self._clock()
                )
            case Outcome.PARENT_GONE if message.method == OutboxMethod.EDIT:
                await self._database.run(outbox.post_anew, _id(message), self._owner, self._clock())
            case _:
                await self._database.run(outbox.mark_dead, _id(message), self._owner, words)

    async def _doubt(self, message: OutboxMessage, words: str) -> None:
        await self._database.run(
            outbox.put_back,
            _id(message),
            self._owner,
            after(self._clock, LOOK_AGAIN_AFTER),
            words,
            message.ambiguous_since or self._clock(),
        )

    async def _wait_for_a_token(self, message: OutboxMessage, words: str) -> None:
        self.trouble = f"Slack refuses our token ({words}): put a valid one into SLACK_BOT_TOKEN."
        log.error("slack refuses our token, so everything waits", error=words)
        self._pace.hold_all(WAIT_WHEN_REFUSED)
        await self._put_back(message, WAIT_WHEN_REFUSED, words)

    async def _put_back(self, message: OutboxMessage, seconds: float, why: str) -> None:
        await self._database.run(
            outbox.put_back,
            _id(message),
            self._owner,
            after(self._clock, seconds),
            why,
            message.ambiguous_since,
        )

    def _can_redirect(self, message: OutboxMessage) -> bool:
        is_post = message.method == OutboxMethod.POST
        return is_post and message.channel != self._fallback_channel


def _id(message: OutboxMessage) -> int:
    if message.id is None:
        raise ValueError("only stored messages are said")
    return message.id
