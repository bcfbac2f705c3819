"""The resolve dialogues, of a case and of all of a message: why it is over."""

from collections.abc import Mapping
from datetime import datetime

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cases import acting, acting_on_groups
from bot.cases.acting_on_groups import GroupChange
from bot.cases.changes import CaseChange
from bot.desk import Desk
from bot.messages.modals import (
    GROUP_RESOLVE_CALLBACK,
    NOTE_ACTION,
    NOTE_BLOCK,
    REASON_ACTION,
    REASON_BLOCK,
    RESOLVE_CALLBACK,
    RESOLVE_WORDS,
    ResolveReason,
)
from bot.viewer import Viewer
from handlers.inbound import CaseSubmission, GroupSubmission, Submission
from handlers.views.submitting import submit, submit_for_all
from handlers.views.unusable import Unusable


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(RESOLVE_CALLBACK)
    async def resolve(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = CaseSubmission.model_validate(body)
        try:
            why = reason_given(submission)
        except Unusable as unusable:
            await ack(response_action="errors", errors={unusable.block_id: str(unusable)})
            return

        def deed(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
            return acting.resolve(session, case_id, viewer, now, why)

        await submit(RESOLVE_CALLBACK, deed, submission, ack, desk, client)

    @app.view(GROUP_RESOLVE_CALLBACK)
    async def resolve_all(
        ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient
    ) -> None:
        submission = GroupSubmission.model_validate(body)
        seen_at = submission.origin.seen_at
        try:
            why = reason_given(submission)
        except Unusable as unusable:
            await ack(response_action="errors", errors={unusable.block_id: str(unusable)})
            return

        def deed(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
            return acting_on_groups.resolve(session, alert_id, viewer, now, why, seen_at)

        await submit_for_all(GROUP_RESOLVE_CALLBACK, deed, submission, ack, desk, client)


def reason_given(submission: Submission) -> str:
    """Raises Unusable."""
    chosen = submission.answer(REASON_BLOCK, REASON_ACTION).selected_option
    note = (submission.answer(NOTE_BLOCK, NOTE_ACTION).value or "").strip()
    if chosen is None or chosen.value not in list(ResolveReason):
        raise Unusable(REASON_BLOCK, "Choose why it is over.")
    reason = ResolveReason(chosen.value)
    if reason is not ResolveReason.OTHER:
        return f"{RESOLVE_WORDS[reason]}. {note}" if note else RESOLVE_WORDS[reason]
    if not note:
        raise Unusable(NOTE_BLOCK, "Note what the reason is.")
    return note
