"""/tallyman mute|unmute: for our own people alone; without words, `mute` opens a form."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.mute_modal import answered, one_moment
from bot.messages.mutes import nothing_to_mute, only_our_own
from bot.mutes import on_request
from bot.mutes.form import form
from bot.mutes.wish import has_left_the_book
from handlers.handling import handled
from handlers.inbound import MuteOrigin, SlashCommand
from handlers.people import certain_viewer_of
from handlers.saying import whisper

_CHANGES = {"mute": on_request.mute, "unmute": on_request.unmute}


def is_change(typed: str) -> bool:
    """Whether it is about beginning or ending a mute."""
    return _word_and_rest(typed)[0] in _CHANGES


async def change(desk: Desk, client: AsyncWebClient, body: Mapping[str, object]) -> None:
    """To be called once the command is acknowledged."""
    asked = SlashCommand.model_validate(body)
    word, rest = _word_and_rest(asked.text)
    with handled(f"{asked.command} {word}", asked.user_id, asked.channel_id):
        if word == "mute" and not rest:
            await _open_form(desk, client, asked)
            return
        viewer = await certain_viewer_of(
            desk, client, asked.user_id, asked.team_id, asked.channel_id
        )
        said = await desk.database.run(_CHANGES[word], desk.book, viewer, rest, desk.clock())
        await whisper(client, asked.response_url, said)


async def _open_form(desk: Desk, client: AsyncWebClient, asked: SlashCommand) -> None:
    """At once, for the leave to open one lasts three seconds; then it is seen who asks."""
    opened = await client.views_open(trigger_id=asked.trigger_id, view=one_moment())
    viewer = await certain_viewer_of(desk, client, asked.user_id, asked.team_id, asked.channel_id)
    if not viewer.is_internal:
        view = answered(only_our_own())
    elif has_left_the_book(viewer, desk.book):
        view = answered(nothing_to_mute())
    else:
        metadata = MuteOrigin(channel=asked.channel_id).model_dump_json()
        view = form(desk.book, viewer, metadata, desk.clock())
    await client.views_update(view_id=opened["view"]["id"], view=view)


def _word_and_rest(typed: str) -> tuple[str, str]:
    word, _, rest = typed.strip().partition(" ")
    return word.casefold(), rest.strip()
