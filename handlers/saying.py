"""Answering the one who asked, so that a failure is noticed."""

from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.messages.blocks import Message

OK = 200
BAD_REQUEST = 400  # what response_url answers to blocks that it doesn't take


class NotAnswered(Exception):
    """Slack did not take an answer; the text says what it said."""


async def whisper(client: AsyncWebClient, response_url: str, said: Message) -> None:
    """To the person alone, where they typed or clicked. Raises NotAnswered.

    Blocks that are refused are left away: the text says it too.
    """
    await _respond(client, response_url, said, replaces=False)


async def redraw(client: AsyncWebClient, response_url: str, said: Message) -> None:
    """In the place of what was shown to the person alone, and was clicked. Raises NotAnswered."""
    await _respond(client, response_url, said, replaces=True)


async def _respond(
    client: AsyncWebClient, response_url: str, said: Message, *, replaces: bool
) -> None:
    url = AsyncWebhookClient(
        response_url,
        session=client.session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    body = {"response_type": "ephemeral", "replace_original": replaces, "text": said.text}
    answer = await url.send_dict({**body, "blocks": said.blocks})
    if answer.status_code == BAD_REQUEST:
        answer = await url.send_dict(body)
    if answer.status_code != OK:
        raise NotAnswered(f"response_url answered {answer.status_code}: {answer.body[:200]}")


async def whisper_in(
    client: AsyncWebClient, channel: str, user_id: str, said: Message, thread_ts: str | None = None
) -> None:
    """To the person alone, where there is no response_url."""
    await client.chat_postEphemeral(
        channel=channel, user=user_id, text=said.text, blocks=said.blocks, thread_ts=thread_ts
    )


async def reply(client: AsyncWebClient, channel: str, thread_ts: str | None, said: Message) -> None:
    await client.chat_postMessage(
        channel=channel,
        thread_ts=thread_ts,
        text=said.text,
        blocks=said.blocks,
        unfurl_links=False,
        unfurl_media=False,
    )
