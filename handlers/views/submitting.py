"""What all dialogues about a case share: doing it, and telling the person if it can't be done."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.cases.on_request import Deed, carry_out
from bot.desk import Desk
from handlers.handling import handled
from handlers.inbound import CaseSubmission
from handlers.people import viewer_of
from handlers.saying import whisper_in


async def submit(
    name: str, deed: Deed, submission: CaseSubmission, desk: Desk, client: AsyncWebClient
) -> None:
    """To be called once the submission is acknowledged."""
    user, origin = submission.user, submission.origin
    with handled(name, user.id, origin.channel):
        viewer = await viewer_of(desk, client, user.id, user.team_id, origin.channel)
        declined = await desk.database.run(
            carry_out, deed, origin.case_id, viewer, desk.book, desk.clock()
        )
        if declined is not None:
            await whisper_in(client, origin.channel, user.id, declined)
