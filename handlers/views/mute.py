"""The form for a mute: checked before it is taken, and answered where it stood."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages import mute_modal as modal
from bot.messages.mutes import only_our_own
from bot.mutes.form import Filled, begin_once, wish_of
from bot.mutes.unclear import Part, Unclear
from bot.mutes.wish import Wish
from handlers.handling import handled
from handlers.inbound import MuteSubmission
from handlers.people import certain_viewer_of
from handlers.redelivery import submission_key

_BLOCK_OF = {
    Part.PARTNER: modal.MUTE_PARTNER_BLOCK,
    Part.KIND: modal.MUTE_KIND_BLOCK,
    Part.LANE: modal.MUTE_LANE_BLOCK,
    Part.SHIPMENT: modal.MUTE_NUMBER_BLOCK,
    Part.END: modal.MUTE_DATE_BLOCK,
    Part.REASON: modal.MUTE_REASON_BLOCK,
}


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(modal.MUTE_CALLBACK)
    async def mute(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = MuteSubmission.model_validate(body)
        user, origin = submission.user, submission.origin
        with handled(modal.MUTE_CALLBACK, user.id, origin.channel):
            viewer = await desk.viewer(user.id, user.team_id, origin.channel)
            try:
                wish = await desk.database.read(
                    wish_of, filled_in(submission), desk.book, viewer, desk.clock()
                )
            except Unclear as unclear:
                why = modal.fault(unclear.typed, unclear.why, unclear.nearest)
                await ack(response_action="errors", errors={_BLOCK_OF[unclear.part]: why})
                return
            await ack(response_action="update", view=modal.one_moment())
            await _begin(wish, submission, desk, client)


async def _begin(
    wish: Wish, submission: MuteSubmission, desk: Desk, client: AsyncWebClient
) -> None:
    user, view_id = submission.user, submission.view.id
    viewer = await certain_viewer_of(desk, client, user.id, user.team_id, submission.origin.channel)
    said = only_our_own()
    if viewer.is_internal:
        key = submission_key(view_id)
        begun = await desk.database.run(begin_once, key, wish, viewer, desk.book, desk.clock())
        if begun is None:
            return
        said = begun
    await client.views_update(view_id=view_id, view=modal.answered(said))


def filled_in(submission: MuteSubmission) -> Filled:
    partner = submission.answer(modal.MUTE_PARTNER_BLOCK, modal.MUTE_PARTNER_ACTION)
    kind = submission.answer(modal.MUTE_KIND_BLOCK, modal.MUTE_KIND_ACTION)
    day = submission.answer(modal.MUTE_DATE_BLOCK, modal.MUTE_DATE_ACTION)
    at = submission.answer(modal.MUTE_TIME_BLOCK, modal.MUTE_TIME_ACTION)
    return Filled(
        partner_key=partner.selected_option.value if partner.selected_option else "",
        kind=kind.selected_option.value if kind.selected_option else "",
        lane=submission.answer(modal.MUTE_LANE_BLOCK, modal.MUTE_LANE_ACTION).value or "",
        number=submission.answer(modal.MUTE_NUMBER_BLOCK, modal.MUTE_NUMBER_ACTION).value or "",
        day=day.selected_date or "",
        at=at.selected_time or "",
        reason=submission.answer(modal.MUTE_REASON_BLOCK, modal.MUTE_REASON_ACTION).value or "",
    )
