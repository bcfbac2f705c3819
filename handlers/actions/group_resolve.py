"""Resolve all: asks why they are over."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.group_alert import GROUP_RESOLVE
from bot.messages.modals import group_resolve_modal
from handlers.actions.dialogue import open_group_dialogue
from storage.vocabulary import CaseAction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(GROUP_RESOLVE)
    async def resolve_all(
        ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient
    ) -> None:
        await ack()
        await open_group_dialogue(group_resolve_modal, CaseAction.RESOLVED, desk, client, body)
