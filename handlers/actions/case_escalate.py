"""Escalate: asks why."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.case_alert import CASE_ESCALATE
from bot.messages.modals import escalate_modal
from handlers.actions.dialogue import open_dialogue
from storage.vocabulary import CaseAction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(CASE_ESCALATE)
    async def escalate(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        await open_dialogue(escalate_modal, CaseAction.ESCALATED, desk, client, body)
