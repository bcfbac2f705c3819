"""The escalate dialogue: why it is urgent."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cases import acting
from bot.cases.changes import CaseChange
from bot.desk import Desk
from bot.messages.modals import ESCALATE_CALLBACK, REASON_ACTION, REASON_BLOCK
from bot.viewer import Viewer
from handlers.inbound import CaseSubmission
from handlers.views.submitting import submit


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(ESCALATE_CALLBACK)
    async def escalate(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = CaseSubmission.model_validate(body)
        reason = (submission.answer(REASON_BLOCK, REASON_ACTION).value or "").strip()
        if not reason:
            await ack(
                response_action="errors",
                errors={REASON_BLOCK: "Say why: the account manager will read it."},
            )
            return

        def deed(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
            return acting.escalate(session, case_id, viewer, now, reason)

        await submit(ESCALATE_CALLBACK, deed, submission, ack, desk, client)
