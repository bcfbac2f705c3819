"""Opening a dialogue about a case, or about all of a message: at once, for the leave to open one
lasts three seconds; what it shows comes when the database has said it."""

from collections.abc import Awaitable, Callable, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups.dialogues import case_for
from bot.lookups.groups import group_for
from bot.messages.blocks import Block, Message, section
from bot.messages.cards import CaseCard, case_reference
from bot.messages.modals import GroupAsked
from bot.viewer import Viewer
from handlers.handling import handled
from handlers.inbound import CaseClick, CaseOrigin, Click, GroupClick, GroupOrigin
from handlers.people import viewer_of
from storage.vocabulary import CaseAction

Modal = Callable[[CaseCard, str, str], Block]
"""From bot.messages.modals: of a case, and the channel and ts of its message."""
GroupModal = Callable[[GroupAsked, str], Block]
"""From bot.messages.modals: of all cases of a message, and the private_metadata."""


async def open_dialogue(
    modal: Modal,
    action: CaseAction,
    desk: Desk,
    client: AsyncWebClient,
    body: Mapping[str, object],
) -> None:
    """To be called once the click is acknowledged."""
    click = CaseClick.model_validate(body)

    async def view_for(viewer: Viewer) -> Block | Message:
        found = await desk.database.read(
            case_for, click.case_id, action, viewer, desk.book, desk.clock()
        )
        return found if isinstance(found, Message) else _about(modal, found, click)

    await _open(click, case_reference(click.case_id), view_for, desk, client)


async def open_group_dialogue(
    modal: GroupModal,
    action: CaseAction,
    desk: Desk,
    client: AsyncWebClient,
    body: Mapping[str, object],
) -> None:
    """To be called once the click is acknowledged."""
    click = GroupClick.model_validate(body)

    async def view_for(viewer: Viewer) -> Block | Message:
        seen_at = desk.clock()
        found = await desk.database.read(group_for, click.alert_id, action, viewer, desk.book)
        if isinstance(found, Message):
            return found
        origin = GroupOrigin(
            alert_id=found.alert_id,
            channel=click.channel.id,
            ts=click.container.message_ts,
            zone=found.zone,
            seen_at=seen_at,
        )
        return modal(found, origin.model_dump_json())

    await _open(click, "All of them", view_for, desk, client)


async def _open(
    click: Click,
    title: str,
    view_for: Callable[[Viewer], Awaitable[Block | Message]],
    desk: Desk,
    client: AsyncWebClient,
) -> None:
    with handled(click.action.action_id, click.user.id, click.channel.id):
        loading = _closing(title, [section("One moment…")])
        opened = await client.views_open(trigger_id=click.trigger_id, view=loading)
        viewer = await viewer_of(desk, client, click.user.id, click.user.team_id, click.channel.id)
        found = await view_for(viewer)
        view = _closing(title, found.blocks) if isinstance(found, Message) else found
        await client.views_update(view_id=opened["view"]["id"], view=view)


def _about(modal: Modal, card: CaseCard, click: CaseClick) -> Block:
    channel, ts = click.channel.id, click.container.message_ts
    origin = CaseOrigin(
        case_id=card.case_id,
        channel=channel,
        ts=ts,
        zone=card.zone,
        promised_at=card.shipment.promised_at if card.shipment else None,
        shown_alone_at=click.response_url if click.container.is_ephemeral else None,
    )
    return {**modal(card, channel, ts), "private_metadata": origin.model_dump_json()}


def _closing(title: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }
