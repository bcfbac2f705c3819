"""files.*: the three steps of an upload."""

import base64
import secrets
from dataclasses import dataclass

from aiohttp import web

from bot.workspace import shapes
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, text_at
from bot.workspace.office import Office, new_id
from bot.workspace.state import Channel, Message, StoredFile
from bot.workspace.web_api.call import Call, Method

UPLOAD_PATH = "/upload/"
SCOPE = "files:write"


@dataclass(slots=True)
class _Upload:
    file_id: str
    name: str
    length: int
    content: bytes | None = None


class Files:
    """Uploads under way; a file is in the workspace once its upload is completed."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._by_secret: dict[str, _Upload] = {}
        self._by_file: dict[str, _Upload] = {}

    def methods(self) -> tuple[Method, ...]:
        return (
            Method("files.getUploadURLExternal", self._get_url, 4, scope=SCOPE),
            Method("files.completeUploadExternal", self._complete, 4, scope=SCOPE),
        )

    async def _get_url(self, call: Call) -> JsonObject:
        name = call.arguments.required("filename")
        length = call.arguments.number("length", 0)
        if length < 1:
            raise SlackError(
                "invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"]
            )
        upload = _Upload(new_id("F"), name, length)
        secret = secrets.token_urlsafe(24)
        self._by_secret[secret] = upload
        self._by_file[upload.file_id] = upload
        return {
            "ok": True,
            "upload_url": f"{call.office.url}{UPLOAD_PATH}{secret}",
            "file_id": upload.file_id,
        }

    async def receive(self, request: web.Request) -> web.Response:
        """The upload URL itself: takes the bytes, raw or as a form's first file."""
        upload = self._by_secret.get(request.match_info["secret"])
        if upload is None:
            return web.Response(status=404, text="not found")
        if request.content_type == "multipart/form-data":
            form = await request.post()
            parts = [part for part in form.values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        if len(content) != upload.length:
            return web.Response(status=400, text="length mismatch")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _complete(self, call: Call) -> JsonObject:
        wanted = call.arguments.objects("files", "invalid_arguments")
        if not wanted:
            raise SlackError(
                "invalid_arguments", ["[ERROR] missing required field [json-pointer:/files]"]
            )
        channel = self._channel(call)
        thread_ts = self._thread(call, channel)
        files = [self._stored(each, channel) for each in wanted]
        for file in files:
            self._office.put_file(file)
            del self._by_file[file.id]
        if channel is not None:
            self._share(call, channel, thread_ts, files)
        return {"ok": True, "files": [shapes.file(file) for file in files]}

    def _channel(self, call: Call) -> Channel | None:
        channel_id = call.arguments.text("channel_id") or call.arguments.text("channels")
        if channel_id is None:
            return None
        channel = self._office.state.channels.get(channel_id)
        if channel is None or not self._office.app_is_in(channel):
            raise SlackError("channel_not_found")
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def _stored(self, wanted: JsonObject, channel: Channel | None) -> StoredFile:
        upload = self._by_file.get(text_at(wanted, "id"))
        if upload is None or upload.content is None:
            raise SlackError("file_not_found")
        return StoredFile(
            id=upload.file_id,
            name=upload.name,
            title=text_at(wanted, "title") or upload.name,
            user=self._office.setup.bot_user_id,
            created=int(self._office.clock().timestamp()),
            content_base64=base64.b64encode(upload.content).decode(),
            channels=() if channel is None else (channel.id,),
        )

    def _thread(self, call: Call, channel: Channel | None) -> str | None:
        thread_ts = call.arguments.text("thread_ts")
        if (
            thread_ts is not None
            and channel is not None
            and self._office.state.message(channel.id, thread_ts) is None
        ):
            raise SlackError("message_not_found")
        return thread_ts

    def _share(
        self, call: Call, channel: Channel, thread_ts: str | None, files: list[StoredFile]
    ) -> None:
        message = Message(
            channel=channel.id,
            ts=self._office.next_ts(),
            user=self._office.setup.bot_user_id,
            from_app=True,
            text=call.arguments.text("initial_comment") or "",
            thread_ts=thread_ts,
            files=tuple(file.id for file in files),
        )
        self._office.post(message)
