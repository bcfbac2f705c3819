"""The resolve dialogue: why it is over."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cases import acting
from bot.cases.changes import CaseChange
from bot.desk import Desk
from bot.messages.modals import (
    NOTE_ACTION,
    NOTE_BLOCK,
    REASON_ACTION,
    REASON_BLOCK,
    RESOLVE_CALLBACK,
    RESOLVE_WORDS,
    ResolveReason,
)
from bot.viewer import Viewer
from handlers.inbound import CaseSubmission
from handlers.views.submitting import submit


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(RESOLVE_CALLBACK)
    async def resolve(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = CaseSubmission.model_validate(body)
        chosen = submission.answer(REASON_BLOCK, REASON_ACTION).selected_option
        note = (submission.answer(NOTE_BLOCK, NOTE_ACTION).value or "").strip()
        if chosen is None or chosen.value not in list(ResolveReason):
            await ack(response_action="errors", errors={REASON_BLOCK: "Choose why it is over."})
            return
        reason = ResolveReason(chosen.value)
        if reason is ResolveReason.OTHER and not note:
            await ack(response_action="errors", errors={NOTE_BLOCK: "Note what the reason is."})
            return
        await ack()
        why = note if reason is ResolveReason.OTHER else _with_note(RESOLVE_WORDS[reason], note)

        def deed(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
            return acting.resolve(session, case_id, viewer, now, why)

        await submit(RESOLVE_CALLBACK, deed, submission, desk, client)


def _with_note(reason: str, note: str) -> str:
    return f"{reason}. {note}" if note else reason
