"""`@Tallyman scorecard acme june`: as the commands, for whoever can't type those, in the thread."""

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
from handlers.saying import reply, whisper_in

_USER = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_mention")
    async def app_mention(
        event: Mapping[str, object], body: Mapping[str, object], client: AsyncWebClient
    ) -> None:
        said = Said.model_validate(event)
        if said.user is None or not said.is_by_a_person:
            return
        with handled("app_mention", said.user, said.channel):
            viewer = await viewer_of(desk, client, said.user, said.team_id, said.channel)
            answer = await answer_to(said, words_of(said.text), desk, viewer)
            if viewer.partner_key is None and body.get("is_ext_shared_channel"):
                # Another company reads along in a channel that belongs to no partner.
                await whisper_in(client, said.channel, said.user, answer, said.thread_ts)
            else:
                await reply(client, said.channel, said.thread_ts or said.ts, answer)


def words_of(text: str) -> str:
    """What was written, without the mention before it, and as it was typed: `&lt;` is `<`."""
    return html.unescape(_USER.sub(" ", text, count=1)).strip()
