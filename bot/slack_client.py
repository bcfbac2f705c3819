"""A client of Slack's Web API."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

TIMEOUT = 15.0  # seconds for one call


@asynccontextmanager
async def slack_client(
    api_url: str, token: str | None = None, retry_handlers: Sequence[AsyncRetryHandler] = ()
) -> AsyncIterator[AsyncWebClient]:
    """One long-lived session, and no retry that isn't asked for: it could say a message twice."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(
            token=token, base_url=api_url, session=session, retry_handlers=list(retry_handlers)
        )
