"""What all dialogues share: doing once what was filled in, and telling the person if it can't be
done."""

from datetime import datetime

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.book.models import Book
from bot.cases.on_request import (
    Deed,
    GroupDeed,
    Request,
    carry_out,
    carry_out_on_all,
    carry_out_once,
)
from bot.desk import Desk
from bot.messages.blocks import Message
from bot.viewer import Viewer
from handlers.acknowledging import acknowledging
from handlers.handling import handled
from handlers.inbound import CaseSubmission, GroupSubmission, Submission
from handlers.people import viewer_of
from handlers.redelivery import submission_key
from handlers.saying import whisper_in
from handlers.shown_alone import draw_anew


async def submit(
    name: str,
    deed: Deed,
    submission: CaseSubmission,
    ack: AsyncAck,
    desk: Desk,
    client: AsyncWebClient,
) -> None:
    """Acknowledges it."""
    origin = submission.origin

    def request(session: Session, viewer: Viewer, book: Book, now: datetime) -> Message | None:
        return carry_out(session, deed, origin.case_id, viewer, book, now)

    with handled(name, submission.user.id, origin.channel):
        viewer = await _do(request, submission, origin.channel, ack, desk, client)
        if origin.shown_alone_at is not None:
            await draw_anew(desk, client, origin.shown_alone_at, origin.case_id, viewer)


async def submit_for_all(
    name: str,
    deed: GroupDeed,
    submission: GroupSubmission,
    ack: AsyncAck,
    desk: Desk,
    client: AsyncWebClient,
) -> None:
    """Acknowledges it."""
    origin = submission.origin

    def request(session: Session, viewer: Viewer, book: Book, now: datetime) -> Message | None:
        return carry_out_on_all(session, deed, origin.alert_id, viewer, book, now)

    with handled(name, submission.user.id, origin.channel):
        await _do(request, submission, origin.channel, ack, desk, client)


async def _do(
    request: Request,
    submission: Submission,
    channel: str,
    ack: AsyncAck,
    desk: Desk,
    client: AsyncWebClient,
) -> Viewer:
    """As whom it was done."""
    user = submission.user
    async with acknowledging(ack):
        viewer = await viewer_of(desk, client, user.id, user.team_id, channel)
        key = submission_key(submission.view.id)
        declined = await desk.database.run(
            carry_out_once, key, request, viewer, desk.book, desk.clock()
        )
    if declined is not None:
        await whisper_in(client, channel, user.id, declined)
    return viewer
