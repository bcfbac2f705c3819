"""Opening a dialogue about a case: at once, for the leave to open one lasts three seconds; what
it shows comes when the database has said it."""

from collections.abc import Callable, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups.dialogues import case_for
from bot.messages.blocks import Block, Message, section
from bot.messages.cards import CaseCard, case_reference
from handlers.handling import handled
from handlers.inbound import CaseClick, CaseOrigin
from handlers.people import viewer_of
from storage.vocabulary import CaseAction

Modal = Callable[[CaseCard, str, str], Block]
"""From bot.messages.modals: of a case, and the channel and ts of its message."""


async def open_dialogue(
    modal: Modal,
    action: CaseAction,
    desk: Desk,
    client: AsyncWebClient,
    body: Mapping[str, object],
) -> None:
    """To be called once the click is acknowledged."""
    click = CaseClick.model_validate(body)
    with handled(click.actions[0].action_id, click.user.id, click.channel.id):
        opened = await client.views_open(trigger_id=click.trigger_id, view=_loading(click))
        viewer = await viewer_of(desk, client, click.user.id, click.user.team_id, click.channel.id)
        found = await desk.database.read(
            case_for, click.case_id, action, viewer, desk.book, desk.clock()
        )
        if isinstance(found, Message):
            view = _closing(click, found.blocks)
        else:
            view = _about(modal, found, click)
        await client.views_update(view_id=opened["view"]["id"], view=view)


def _about(modal: Modal, card: CaseCard, click: CaseClick) -> Block:
    channel, ts = click.channel.id, click.container.message_ts
    origin = CaseOrigin(
        case_id=card.case_id,
        channel=channel,
        ts=ts,
        zone=card.zone,
        promised_at=card.shipment.promised_at if card.shipment else None,
    )
    return {**modal(card, channel, ts), "private_metadata": origin.model_dump_json()}


def _loading(click: CaseClick) -> Block:
    return _closing(click, [section("One moment…")])


def _closing(click: CaseClick, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": case_reference(click.case_id)},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }
