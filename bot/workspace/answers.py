"""What the app answers a person with: in an acknowledgement, or through a response_url."""

from dataclasses import replace

from aiohttp import web

from bot.workspace import limits
from bot.workspace.arguments import Arguments
from bot.workspace.block_ids import with_ids
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, objects_at, text_at
from bot.workspace.office import Office
from bot.workspace.responses import PATH, Response
from bot.workspace.state import Message


class Answers:
    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH + "{secret}", self._receive)]

    async def _receive(self, request: web.Request) -> web.Response:
        self._office.calls["response_url"] += 1
        try:
            arguments = await Arguments.read(request)
            body: JsonObject = {
                "text": arguments.text("text") or "",
                "response_type": arguments.text("response_type") or "ephemeral",
                "replace_original": arguments.flag("replace_original"),
                "delete_original": arguments.flag("delete_original"),
                "blocks": list(arguments.objects("blocks", "invalid_blocks") or []),
                "attachments": list(arguments.objects("attachments", "invalid_attachments") or []),
                "thread_ts": arguments.text("thread_ts"),
            }
            self.show(self._office.responses.use(request.match_info["secret"]), body)
        except SlackError as error:
            status = 400 if error.status == 200 else error.status
            return web.json_response(error.body, status=status)
        return web.json_response({"ok": True})

    def show(self, response: Response, body: JsonObject) -> None:
        """Raises no_text, or what is wrong with the blocks."""
        office = self._office
        original = self._original(response)
        if body.get("delete_original"):
            self._delete(response, original)
            return
        message = self._message(response, body)
        if body.get("replace_original") and original is not None:
            message = replace(
                original,
                text=message.text,
                blocks=message.blocks,
                attachments=message.attachments,
                edited={"user": original.user, "ts": office.next_ts()},
            )
            if original.ephemeral_for is not None:
                office.whisper(response.person, message)
            else:
                office.edit(message)
            return
        if body.get("response_type") == "in_channel":
            office.post(message)
        else:
            message = replace(message, ephemeral_for=response.person)
            office.whisper(response.person, message)
        if response.message_ts is None:
            response.message_ts = message.ts

    def _original(self, response: Response) -> Message | None:
        if response.message_ts is None:
            return None
        return self._office.state.ephemeral(
            response.person, response.message_ts
        ) or self._office.state.message(response.channel, response.message_ts)

    def _delete(self, response: Response, original: Message | None) -> None:
        if original is None:
            raise SlackError("message_not_found")
        if original.ephemeral_for is not None:
            self._office.hush(response.person, original)
        else:
            self._office.delete(original)

    def _message(self, response: Response, body: JsonObject) -> Message:
        blocks = objects_at(body, "blocks")
        attachments = objects_at(body, "attachments")
        text = text_at(body, "text")
        if not (text or blocks or attachments):
            raise SlackError("no_text")
        self._office.check_blocks(blocks)
        return Message(
            channel=response.channel,
            ts=self._office.next_ts(),
            user=self._office.setup.bot_user_id,
            from_app=True,
            text=text[: limits.POST_TEXT],
            blocks=tuple(with_ids(blocks)),
            attachments=tuple(attachments),
            thread_ts=text_at(body, "thread_ts") or response.thread_ts,
        )
