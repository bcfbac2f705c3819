"""A case's message that one person alone sees: nobody edits it but whoever answers them."""

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups import one_case
from bot.viewer import Viewer
from handlers.saying import NotAnswered, redraw

log = structlog.get_logger(__name__)


async def draw_anew(
    desk: Desk, client: AsyncWebClient, response_url: str, case_id: int, viewer: Viewer
) -> None:
    """As the case stands now. What is done is done, also where it is too late to show it there."""
    said = await desk.database.read(one_case.answer, case_id, desk.book, viewer, desk.clock())
    try:
        await redraw(client, response_url, said)
    except NotAnswered as not_answered:
        log.info("shown as it was before", case=case_id, why=str(not_answered))
