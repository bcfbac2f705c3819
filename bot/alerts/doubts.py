"""Settles whether Slack has what it may have."""

from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.ledger import Ledger
from bot.alerts.pace import LOOKING, Pace
from bot.alerts.patience import Patience
from bot.alerts.searching import Sought, TooMuchSince, find_messages
from bot.alerts.sending import marked
from bot.alerts.slack_errors import Outcome, outcome_of, retry_after, words_for
from bot.clock import Clock
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod

IT_IS_LOOKED_FOR = "looking whether Slack has it"

log = structlog.get_logger(__name__)


class Undecided(Exception):
    """Slack may have the message, and it can't be found out: a person must look."""


class Doubts:
    def __init__(
        self, client: AsyncWebClient, ledger: Ledger, clock: Clock, pace: Pace, patience: Patience
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._clock = clock
        self._pace = pace
        self._patience = patience

    async def is_known_to_be_unsaid(self, message: OutboxMessage, alert_ts: str | None) -> bool:
        """Looks; False where it was found, and noted, and where it is too early to tell."""
        if not self._pace.may_look():
            await self._ledger.put_back(message, self._patience.look_again_after, IT_IS_LOOKED_FOR)
            return False
        try:
            found = await self._look(message, alert_ts)
        except Undecided as error:
            await self._ledger.set_aside(message, f"Slack may have it: {error}")
            return False
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            await self._look_later(message, error)
            return False
        if found is not None and message.ambiguous_since is not None:
            # It was doubted again so much later only if it was said again.
            doubted_after = message.ambiguous_since - _tried_at(message)
            was_said_again = doubted_after >= self._ledger.in_clock_time(self._patience.look_for)
            await self._ledger.note_sent(message, found, may_be_there_twice=was_said_again)
            return False
        doubted_for = self._clock() - (message.ambiguous_since or self._clock())
        if doubted_for < self._ledger.in_clock_time(self._patience.look_for):
            await self._ledger.put_back(message, self._patience.look_again_after, IT_IS_LOOKED_FOR)
            return False
        return True

    async def tidy(self, message: OutboxMessage) -> None:
        """The history is sure to show by now whether it is there twice: one is taken back."""
        try:
            await self._take_back_all_but_one(message)
        except TooMuchSince as error:
            await self._ledger.set_aside(message, f"It may stand there twice: {error}")
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            match outcome_of(error):
                case Outcome.ELSEWHERE | Outcome.NEVER:
                    words = f"It may stand there twice: {words_for(error)}"
                    await self._ledger.set_aside(message, words)
                case Outcome.PARENT_GONE:  # and all that stood there with it
                    await self._ledger.note_sent(message, message.payload["kept_ts"])
                case _:
                    await self._look_later(message, error)
        else:
            await self._ledger.note_sent(message, message.payload["kept_ts"])

    async def _take_back_all_but_one(self, message: OutboxMessage) -> None:
        said = message.payload
        sought = Sought(
            channel=message.channel,
            thread_ts=said["thread_ts"],
            since=self._some_time_before(datetime.fromisoformat(said["since"])),
            key=said["key"],
            file_name=_name_of_file(said.get("file_name"), said["key"]),
        )
        found = await find_messages(self._client, sought)
        # Slack did not tell the ts of a file: the first that stands there stays.
        kept = said["kept_ts"] or min(found, default=None)
        for ts in found:
            if ts != kept:
                log.warning("said twice: one is taken back", key=said["key"])
                await self._client.chat_delete(channel=message.channel, ts=ts)

    async def _look(self, message: OutboxMessage, alert_ts: str | None) -> str | None:
        is_in_a_thread = message.method in (OutboxMethod.REPLY, OutboxMethod.FILE)
        sought = Sought(
            channel=message.channel,
            thread_ts=alert_ts if is_in_a_thread else None,
            since=self._some_time_before(_tried_at(message)),
            key=message.key,
            file_name=_name_of_file(message.payload.get("file_name"), message.key),
        )
        try:
            found = await find_messages(self._client, sought)
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
                await self._ledger.wait_for_a_token(message, words)
            case Outcome.CLOSED:
                await self._ledger.wait_for_the_workspace(message, words)
            case Outcome.WAIT:
                self._pace.hold(LOOKING, message.lane, retry_after(error))
                await self._ledger.put_back(message, retry_after(error), words)
            case _:
                await self._ledger.put_back(message, self._patience.look_again_after, words)

    def _some_time_before(self, tried_at: datetime) -> datetime:
        return tried_at - self._ledger.in_clock_time(self._patience.skew)


def _tried_at(message: OutboxMessage) -> datetime:
    return message.tried_at or message.created_at


def _name_of_file(file_name: str | None, key: str) -> str | None:
    return None if file_name is None else marked(file_name, key)
