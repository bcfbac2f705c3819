"""Slack's Web API, the part that Tallyman uses."""

from aiohttp import web

from bot.workspace import misbehaviour, scopes
from bot.workspace.arguments import Arguments
from bot.workspace.changes import Change
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, dumped
from bot.workspace.office import Office
from bot.workspace.socket_mode import SocketMode
from bot.workspace.uploads import Uploads
from bot.workspace.web_api import auth, chat, conversations, files, users, views
from bot.workspace.web_api.call import Call, Method

MOST_BYTES = 64 * 1024 * 1024  # of a request's body


class WebApi:
    """Answers /api/METHOD: who is it, may they, is it their turn, then the method itself."""

    def __init__(self, office: Office, socket_mode: SocketMode) -> None:
        self._office = office
        self._uploads = Uploads(office)
        methods = (
            *auth.methods(socket_mode),
            *chat.METHODS,
            *conversations.METHODS,
            *users.METHODS,
            *views.METHODS,
            *files.METHODS,
        )
        self._methods = {method.name: method for method in methods}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/{method}", self._receive),
            web.post("/api/{method}", self._receive),
            *self._uploads.routes(),
        ]

    async def _receive(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        self._office.calls[name] += 1
        headers: dict[str, str] = {}
        try:
            arguments = await Arguments.read(request)
            channel = self._channel_id(arguments)
            misbehaviour.before(self._office.faults, request, name, channel)
            method = self._method(name)
            self._authorise(method, _token(request, arguments))
            headers["X-OAuth-Scopes"] = self._granted(method)
            self._check_scope(method)
            body = await self._answer(method, arguments)
        except SlackError as error:
            if error.code == "ratelimited":
                self._office.calls["429"] += 1
            return web.json_response(
                error.body, status=error.status, headers={**headers, **error.headers}, dumps=dumped
            )
        finally:
            self._office.changes.tell(Change({"type": "call"}))
        await misbehaviour.after(self._office.faults, request, name, channel)
        return web.json_response(body, headers=headers, dumps=dumped)

    def _method(self, name: str) -> Method:
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", details={"req_method": name})
        return method

    async def _answer(self, method: Method, arguments: Arguments) -> JsonObject:
        if method.tier is not None:
            self._office.pace.take_call(method.name, method.tier)
        return await method.answer(Call(method.name, arguments, self._office))

    def _authorise(self, method: Method, token: str | None) -> None:
        setup = self._office.setup
        if token is None:
            raise SlackError("not_authed")
        if token not in (setup.bot_token, setup.app_token):
            raise SlackError("invalid_auth")
        if token == setup.bot_token and self._office.state.token_revoked:
            raise SlackError("token_revoked")
        wanted = setup.bot_token if method.caller == "bot" else setup.app_token
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _granted(self, method: Method) -> str:
        if method.caller == "app":
            return "connections:write"
        return ",".join(sorted(self._office.manifest.scopes))

    def _check_scope(self, method: Method) -> None:
        if method.scope is not None:
            scopes.need(self._office.manifest.scopes, method.scope)

    def _channel_id(self, arguments: Arguments) -> str | None:
        """The id of the channel that a call is about, as faults name it."""
        reference = arguments.text("channel") or arguments.text("channel_id")
        if reference is None:
            return None
        try:
            return self._office.channel(reference).id
        except SlackError:
            return reference


def _token(request: web.Request, arguments: Arguments) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip() or None
    return arguments.text("token")
