"""What an armed fault does to a request: before anything is done, and after all is done."""

import asyncio

from aiohttp import web

from bot.workspace.errors import SlackError
from bot.workspace.faults import Faults
from bot.workspace.pace import rate_limited


def before(faults: Faults, request: web.Request, method: str, channel: str | None) -> None:
    """Raises what is answered instead of doing anything; cuts the connection if that is due."""
    if faults.strike("drop_before", method, channel) is not None:
        _cut(request)
        raise SlackError("connection_dropped", status=500)
    if faults.strike("server_error", method, channel) is not None:
        raise SlackError("internal_error", status=500)
    refusal = faults.strike("refused", method, channel)
    if refusal is not None:
        raise SlackError(refusal.code)
    limited = faults.strike("rate_limited", method, channel)
    if limited is not None:
        raise rate_limited(limited.seconds)


async def after(faults: Faults, request: web.Request, method: str, channel: str | None) -> None:
    """It is done: answer late, or cut the connection instead."""
    slow = faults.strike("slow", method, channel)
    if slow is not None:
        await asyncio.sleep(slow.seconds)
    if faults.strike("held", method, channel) is not None:
        await faults.until_released()
    if faults.strike("drop_after", method, channel) is not None:
        _cut(request)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
