"""Files as the browser page asks for them: their rows, and the file itself."""

from aiohttp import web

from bot.workspace.errors import Refused
from bot.workspace.gestures import Gestures
from bot.workspace.json_values import JsonObject, as_array, dumped
from bot.workspace.office import Office
from bot.workspace.previews import rows_of
from bot.workspace.state import StoredFile

MOST_ROWS = 5000  # that the page shows of an opened file


class PageFiles:
    def __init__(self, office: Office, gestures: Gestures) -> None:
        self._office = office
        self._gestures = gestures

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/page/files/{id}", self._download),
            web.get("/page/files/{id}/rows", self._rows),
        ]

    async def _download(self, request: web.Request) -> web.Response:
        file = self._file(request)
        return web.Response(
            body=file.content,
            content_type=file.mime_type,
            # Never shown in place: a file from outside could be a page that acts as its reader.
            headers={
                "Content-Disposition": f'attachment; filename="{_header_safe(file.name)}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _rows(self, request: web.Request) -> web.Response:
        rows = rows_of(self._file(request))
        if rows is None:
            raise web.HTTPNotFound(text="There are no rows in this file.")
        body: JsonObject = {"rows": [as_array(row) for row in rows[:MOST_ROWS]], "total": len(rows)}
        return web.json_response(body, dumps=dumped)

    def _file(self, request: web.Request) -> StoredFile:
        """A file in a channel that the viewer is in; any other isn't there for them."""
        people = self._office.setup.people
        try:
            viewer = self._gestures.person(request.query.get("as") or people[0].id)
        except Refused:
            raise web.HTTPNotFound(text="There is no such file.") from None
        file = self._office.state.files.get(request.match_info["id"])
        channels = self._office.state.channels
        if file is None or not any(
            each in channels and viewer.id in channels[each].members for each in file.channels
        ):
            raise web.HTTPNotFound(text="There is no such file.")
        return file


def _header_safe(name: str) -> str:
    return "".join(
        each if (each.isascii() and each.isalnum()) or each in "._- " else "_" for each in name
    )
