"""Says what the outbox owes, once. The only module that talks to Slack on its own initiative."""

from datetime import datetime, timedelta

import aiohttp
import anyio
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.alerts.searching import TooMuchSince, find_messages
from bot.alerts.sending import send
from bot.alerts.slack_errors import Outcome, outcome_of, retry_after, words_for
from bot.clock import Clock, after
from bot.messages.plainer import plainer
from bot.messages.redirected import redirected
from storage import outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

LOOKING = "looking whether Slack has it"

log = structlog.get_logger(__name__)


class Undecided(Exception):
    """Slack may have the message, and it can't be found out: a person must look."""


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
        self._is_stopping = False
        self._under_way = 0
        self._all_said = anyio.Event()
        self.trouble: str | None = None
        """Why nothing can be said at present, in words; None when all is well."""

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
        return await self._database.run(
            outbox.claim,
            self._clock(),
            self._owner,
            self._in_clock_time(self._patience.lease),
            limits=self._pace.allowance(),
            waiting_lanes=list(self._pace.waiting_lanes()),
        )

    async def _say(self, message: OutboxMessage, alert_ts: str | None) -> None:
        if message.method == OutboxMethod.TIDY:
            await self._tidy(message)
            return
        is_doubtful = message.ambiguous_since is not None and message.method != OutboxMethod.EDIT
        # To say the same edit twice is no harm.
        if is_doubtful and not await self._is_known_to_be_unsaid(message, alert_ts):
            return
        if self._clock() + self._in_clock_time(self._patience.call) > message.due_at:
            await self._put_back(message, 0.0, "too little of its lease was left to say it")
            return
        try:
            ts = await send(self._client, message, alert_ts)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._settle(message, alert_ts, error)
            return
        await self._note_sent(message, ts, may_be_there_twice=is_doubtful)

    async def _tidy(self, message: OutboxMessage) -> None:
        """The history is sure to show by now whether it is there twice: one is taken back."""
        said, kept = message.payload, str(message.payload["kept_ts"])
        since = datetime.fromisoformat(said["since"]) - self._in_clock_time(self._patience.skew)
        try:
            found = await find_messages(
                self._client, message.channel, said["key"], said["thread_ts"], since
            )
            for ts in found:
                if ts != kept:
                    log.warning("said twice: one is taken back", key=said["key"])
                    await self._client.chat_delete(channel=message.channel, ts=ts)
        except TooMuchSince as error:
            await self._set_aside(message, f"It may stand there twice: {error}")
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            if outcome_of(error) in (Outcome.ELSEWHERE, Outcome.NEVER):
                await self._set_aside(message, f"It may stand there twice: {words_for(error)}")
            elif outcome_of(error) is Outcome.PARENT_GONE:
                await self._note_sent(message, kept)  # and all that stood there with it
            else:
                await self._look_later(message, error)
        else:
            await self._note_sent(message, kept)

    async def _is_known_to_be_unsaid(self, message: OutboxMessage, alert_ts: str | None) -> bool:
        """Looks; False where it was found, and noted, and where it is too early to tell."""
        if not self._pace.may_look():
            await self._put_back(message, self._patience.look_again_after, LOOKING)
            return False
        try:
            found = await self._look(message, alert_ts)
        except Undecided as error:
            await self._set_aside(message, f"Slack may have it: {error}")
            return False
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._look_later(message, error)
            return False
        if found is not None and message.ambiguous_since is not None:
            # It was doubted again so much later only if it was said again.
            doubted_after = message.ambiguous_since - (message.tried_at or message.created_at)
            was_said_again = doubted_after >= self._in_clock_time(self._patience.look_for)
            await self._note_sent(message, found, may_be_there_twice=was_said_again)
            return False
        doubted_for = self._clock() - (message.ambiguous_since or self._clock())
        if doubted_for < self._in_clock_time(self._patience.look_for):
            await self._put_back(message, self._patience.look_again_after, LOOKING)
            return False
        return True

    async def _look(self, message: OutboxMessage, alert_ts: str | None) -> str | None:
        thread_ts = alert_ts if message.method == OutboxMethod.REPLY else None
        tried_at = message.tried_at or message.created_at
        since = tried_at - self._in_clock_time(self._patience.skew)
        try:
            found = await find_messages(
                self._client, message.channel, message.key, thread_ts, since
            )
        except TooMuchSince as error:
            raise Undecided(str(error)) from error
        except SlackApiError as error:
            match outcome_of(error):
                case Outcome.PARENT_GONE:
                    return None  # or the history lags behind the whole thread
                case Outcome.ELSEWHERE | Outcome.NEVER | Outcome.PLAINER:
                    raise Undecided(f"its channel can't be read ({words_for(error)})") from error
                case _:
                    raise
        return found[0] if found else None

    async def _look_later(self, message: OutboxMessage, error: Exception) -> None:
        words = words_for(error)
        match outcome_of(error):
            case Outcome.REFUSED:
                await self._wait_for_a_token(message, words)
            case Outcome.WAIT:
                await self._put_back(message, retry_after(error), words)
            case _:
                await self._put_back(message, self._patience.look_again_after, words)

    async def _note_sent(
        self, message: OutboxMessage, ts: str, *, may_be_there_twice: bool = False
    ) -> None:
        self.trouble = None
        once_more = self._patience.look_once_more_after
        tidy_at = after(self._clock, once_more) if may_be_there_twice else None
        if await self._database.run(
            outbox.mark_sent, _id(message), self._owner, ts, self._clock(), tidy_at
        ):
            return
        # The other one looks later whether it is there twice; edits hide each other.
        log.warning("another process has taken it over", outbox=_id(message))
        if message.method == OutboxMethod.EDIT:
            await self._database.run(outbox.repeat_newest_edit, _id(message), self._clock())

    async def _settle(self, message: OutboxMessage, alert_ts: str | None, error: Exception) -> None:
        outcome, words = outcome_of(error), words_for(error)
        log.warning(
            "message not delivered",
            outbox=_id(message),
            channel=message.channel,
            error=words,
            outcome=outcome.name.lower(),
        )
        now = self._clock()
        is_at_home = message.channel != self._fallback_channel
        match outcome:
            case Outcome.WAIT:
                seconds = retry_after(error)
                self._pace.hold(OutboxMethod(message.method), message.lane, seconds)
                await self._put_back(message, seconds, words)
            case Outcome.AMBIGUOUS:
                await self._doubt(message, words)
            case Outcome.REFUSED:
                await self._wait_for_a_token(message, words)
            case Outcome.ELSEWHERE if is_at_home:
                await self._database.run(
                    outbox.redirect,
                    _id(message),
                    self._owner,
                    self._fallback_channel,
                    lambda payload: redirected(payload, message.channel, words),
                    now,
                )
            case Outcome.PLAINER if plain := plainer(message.payload):
                await self._database.run(outbox.rewrite, _id(message), self._owner, plain, now)
            case Outcome.PARENT_GONE if alert_ts is not None:
                await self._database.run(outbox.post_anew, _id(message), self._owner, alert_ts, now)
            case _:
                await self._set_aside(message, words)

    async def _doubt(self, message: OutboxMessage, words: str) -> None:
        """Slack may have taken it at this moment, whatever was found out before."""
        now = self._clock()
        tried_for = now - (message.tried_at or now)
        if tried_for > self._in_clock_time(self._patience.give_up_after):
            await self._set_aside(message, f"Slack fails at it again and again: {words}")
            return
        await self._database.run(
            outbox.put_back,
            _id(message),
            self._owner,
            after(self._clock, self._patience.look_again_after),
            words,
            now,
        )

    async def _wait_for_a_token(self, message: OutboxMessage, words: str) -> None:
        self.trouble = f"Slack refuses our token ({words}): put a valid one into SLACK_BOT_TOKEN."
        log.error("slack refuses our token, so everything waits", error=words)
        self._pace.hold_all(self._patience.wait_when_refused)
        await self._put_back(message, self._patience.wait_when_refused, words)

    async def _put_back(self, message: OutboxMessage, seconds: float, why: str) -> None:
        await self._database.run(
            outbox.put_back,
            _id(message),
            self._owner,
            after(self._clock, seconds),
            why,
            message.ambiguous_since,
        )

    async def _set_aside(self, message: OutboxMessage, words: str) -> None:
        log.error("message set aside: see `tallyman outbox list`", outbox=_id(message), error=words)
        await self._database.run(outbox.mark_dead, _id(message), self._owner, words)

    def _in_clock_time(self, seconds: float) -> timedelta:
        return timedelta(seconds=seconds * self._clock.speed)


def _id(message: OutboxMessage) -> int:
    if message.id is None:
        raise ValueError("only stored messages are said")
    return message.id
