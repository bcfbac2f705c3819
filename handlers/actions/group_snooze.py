"""Snooze all: asks until when."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.group_alert import GROUP_SNOOZE
from bot.messages.modals import group_snooze_modal
from handlers.actions.dialogue import open_group_dialogue
from storage.vocabulary import CaseAction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(GROUP_SNOOZE)
    async def snooze_all(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        await open_group_dialogue(group_snooze_modal, CaseAction.SNOOZED, desk, client, body)
