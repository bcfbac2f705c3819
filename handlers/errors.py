"""What a handler could not do is logged with its ids, and told to the person in a sentence."""

import traceback
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.blocks import Message
from bot.messages.errors import went_wrong
from handlers.saying import NotAnswered, reply, whisper, whisper_in

log = structlog.get_logger(__name__)


class _Ids(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str | None = None


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)
    type: str | None = None
    user: str | None = None
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True)
    action_id: str | None = None


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)
    callback_id: str | None = None
    private_metadata: str = ""


class _Origin(BaseModel):
    """What the metadata of every dialogue holds."""

    model_config = ConfigDict(frozen=True)
    channel: str


class _Failed(BaseModel):
    """The ids in whatever Slack sent; all else stays out of the log."""

    model_config = ConfigDict(frozen=True)

    command: str | None = None
    user_id: str | None = None
    channel_id: str | None = None
    response_url: str | None = None
    user: _Ids = _Ids()
    channel: _Ids = _Ids()
    event: _Event = _Event()
    actions: list[_Action] = Field(default_factory=list)
    view: _View = _View()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to tell whom."""

    what: str
    user_id: str | None
    channel: str | None
    response_url: str | None = None
    thread_ts: str | None = None
    is_direct: bool = False


def register(app: AsyncApp) -> None:
    @app.error
    async def tell(error: Exception, body: Mapping[str, object], client: AsyncWebClient) -> None:
        reference = uuid.uuid4().hex[:8]
        place = _place(body)
        log.error(
            "handler failed",
            what=place.what,
            user=place.user_id,
            channel=place.channel,
            reference=reference,
            # As text: a renderer might show what the frames hold, and so what was typed.
            traceback="".join(traceback.format_exception(error)),
        )
        try:
            await _tell(client, place, went_wrong(place.what, reference))
        except (SlackClientError, NotAnswered, aiohttp.ClientError, TimeoutError) as second:
            log.error("nor could the person be told", reference=reference, error=repr(second))


async def _tell(client: AsyncWebClient, place: _Place, said: Message) -> None:
    if place.response_url is not None:
        await whisper(client, place.response_url, said)
    elif place.channel is not None and place.is_direct:
        await reply(client, place.channel, place.thread_ts, said)
    elif place.channel is not None and place.user_id is not None:
        await whisper_in(client, place.channel, place.user_id, said, place.thread_ts)


def _place(body: Mapping[str, object]) -> _Place:
    try:
        failed = _Failed.model_validate(body)
    except ValidationError:
        return _Place("what you asked for", None, None)
    event = failed.event
    if event.type is not None:
        is_direct = bool(event.channel and event.channel.startswith("D"))
        what = "your message" if event.type == "message" else event.type.replace("_", " ")
        channel = event.channel if event.ts is not None else None
        return _Place(what, event.user, channel, None, event.thread_ts, is_direct)
    if failed.command is not None:
        return _Place(failed.command, failed.user_id, failed.channel_id, failed.response_url)
    if failed.actions:
        what = failed.actions[0].action_id or "that button"
        return _Place(what, failed.user.id, failed.channel.id, failed.response_url)
    return _Place(
        failed.view.callback_id or "what you asked for",
        failed.user.id,
        _channel_of_origin(failed.view.private_metadata),
    )


def _channel_of_origin(metadata: str) -> str | None:
    try:
        return _Origin.model_validate_json(metadata).channel
    except ValidationError:
        return None
