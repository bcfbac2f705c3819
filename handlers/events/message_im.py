"""Direct messages: the same questions as by mention."""

import html
from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups import questions
from bot.lookups.threads import said_in_thread
from handlers.handling import handled
from handlers.inbound import Said
from handlers.people import viewer_of
from handlers.saying import reply


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
            words = html.unescape(said.text)
            if said.thread_ts is None:
                answer = await questions.said(desk, viewer, words)
            else:
                answer = await said_in_thread(desk, viewer, words, said.channel, said.thread_ts)
            await reply(client, said.channel, said.thread_ts, answer)
