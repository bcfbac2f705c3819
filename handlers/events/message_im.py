"""Direct messages: the same questions as by mention."""

import html
import re
from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from handlers.events.answering import answer_to
from handlers.handling import handled
from handlers.inbound import Said
from handlers.people import viewer_of
from handlers.saying import reply

_NAME_BEFORE = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s:,]*")


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("message")
    async def message_im(event: Mapping[str, object], client: AsyncWebClient) -> None:
        if event.get("channel_type") != "im" or event.get("subtype") == "message_changed":
            return
        said = Said.model_validate(event)
        if said.user is None or not said.is_by_a_person:
            return
        with handled("message_im", said.user, said.channel):
            viewer = await viewer_of(desk, client, said.user, said.team_id, None)
            answer = await answer_to(said, words_of(said.text), desk, viewer)
            await reply(client, said.channel, said.thread_ts, answer)


def words_of(text: str) -> str:
    """As it was typed, without our name before it: some write it here, too."""
    return html.unescape(_NAME_BEFORE.sub("", text))
