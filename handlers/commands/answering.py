"""What all commands share: who asks, what they ask, and an answer for them alone."""

from collections.abc import Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups.questions import Question
from handlers.handling import handled
from handlers.inbound import SlashCommand
from handlers.people import viewer_of
from handlers.saying import whisper


async def answer(
    question: Question, desk: Desk, client: AsyncWebClient, body: Mapping[str, object]
) -> None:
    """To be called once the command is acknowledged."""
    asked = SlashCommand.model_validate(body)
    with handled(asked.command, asked.user_id, asked.channel_id):
        viewer = await viewer_of(desk, client, asked.user_id, asked.team_id, asked.channel_id)
        await whisper(client, asked.response_url, await question(desk, viewer, asked.text))
