"""Resolve: asks why it is over."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.messages.case_alert import CASE_RESOLVE
from bot.messages.modals import resolve_modal
from handlers.actions.dialogue import open_dialogue
from storage.vocabulary import CaseAction


def register(app: AsyncApp, desk: Desk) -> None:
    @app.action(CASE_RESOLVE)
    async def resolve(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        await ack()
        await open_dialogue(resolve_modal, CaseAction.RESOLVED, desk, client, body)
