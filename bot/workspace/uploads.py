"""The second step of an upload: the address that takes the bytes. It is no method of the Web API:
it asks for no token and has no rate, and faults know it as `upload`."""

import base64
from dataclasses import replace

from aiohttp import web

from bot.workspace import misbehaviour
from bot.workspace.errors import SlackError
from bot.workspace.office import Office
from bot.workspace.state import Upload

PATH = "/upload/v1/"
NAME = "upload"


def upload_url(office: Office, upload: Upload) -> str:
    return f"{office.url}{PATH}{upload.secret}"


class Uploads:
    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH + "{secret}", self._receive)]

    async def _receive(self, request: web.Request) -> web.Response:
        self._office.calls[NAME] += 1
        faults = self._office.faults
        try:
            misbehaviour.before(faults, request, NAME, None)
        except SlackError as error:
            status = 500 if error.status == 200 else error.status
            return web.Response(status=status, text=error.code, headers=error.headers)
        answer = await self._take(request)
        await misbehaviour.after(faults, request, NAME, None)
        return answer

    async def _take(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        upload = next(
            (each for each in self._office.state.uploads.values() if each.secret == secret), None
        )
        if upload is None:
            return web.Response(status=404, text="not found")
        content = await _content(request)
        if len(content) != upload.length:
            return web.Response(status=400, text="length mismatch")
        encoded = base64.b64encode(content).decode()
        self._office.put_upload(replace(upload, content_base64=encoded))
        return web.Response(text=f"OK - {len(content)}")


async def _content(request: web.Request) -> bytes:
    """Raw, or the first file of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    parts = [part for part in form.values() if isinstance(part, web.FileField)]
    return parts[0].file.read() if parts else b""
