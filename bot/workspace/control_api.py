"""Misbehaviour on request, from another process: /control/faults and /control/calls."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.workspace.errors import SlackError
from bot.workspace.faults import Fault
from bot.workspace.json_values import JsonObject, dumped
from bot.workspace.office import Office
from bot.workspace.upheavals import Upheavals


class ChannelUpheaval(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["archive", "unarchive", "remove_bot", "invite_bot", "share"]
    channel: str


class TokenUpheaval(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["revoke_token"]


class BlocksRefused(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["refuse_blocks"]
    blocks: tuple[str, ...]


Wanted = Fault | ChannelUpheaval | TokenUpheaval | BlocksRefused

_REQUESTS: TypeAdapter[Wanted] = TypeAdapter(Wanted)


class ControlApi:
    """POST /control/faults arms a fault or makes an upheaval, DELETE clears the faults."""

    def __init__(self, office: Office, upheavals: Upheavals) -> None:
        self._office = office
        self._upheavals = upheavals

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/faults", self._arm),
            web.delete("/control/faults", self._clear),
            web.get("/control/calls", self._calls),
        ]

    async def _arm(self, request: web.Request) -> web.Response:
        try:
            wanted = _REQUESTS.validate_json(await request.read())
            self._carry_out(wanted)
        except ValidationError as error:
            return _json({"ok": False, "error": str(error)}, status=400)
        except SlackError as error:
            return _json({"ok": False, "error": error.code}, status=404)
        return _json({"ok": True})

    def _carry_out(self, wanted: Wanted) -> None:
        match wanted:
            case Fault():
                self._office.faults.arm(wanted)
            case BlocksRefused():
                self._office.faults.refuse_blocks(*wanted.blocks)
            case TokenUpheaval():
                self._upheavals.revoke_token()
            case ChannelUpheaval(kind="archive"):
                self._upheavals.archive(wanted.channel)
            case ChannelUpheaval(kind="unarchive"):
                self._upheavals.unarchive(wanted.channel)
            case ChannelUpheaval(kind="remove_bot"):
                self._upheavals.remove_bot(wanted.channel)
            case ChannelUpheaval(kind="invite_bot"):
                self._upheavals.invite_bot(wanted.channel)
            case ChannelUpheaval():
                self._upheavals.share(wanted.channel)

    async def _clear(self, request: web.Request) -> web.Response:
        self._office.faults.clear()
        return _json({"ok": True})

    async def _calls(self, request: web.Request) -> web.Response:
        return _json(
            {
                "ok": True,
                "calls": dict(self._office.calls),
                "rate_limited": dict(self._office.pace.refused),
                "faults": dict(self._office.faults.struck),
            }
        )


def _json(body: JsonObject, status: int = 200) -> web.Response:
    return web.json_response(body, status=status, dumps=dumped)
