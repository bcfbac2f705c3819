"""auth.test and apps.connections.open: who is calling, and where to listen."""

from bot.workspace.json_values import JsonObject
from bot.workspace.socket_mode import SocketMode
from bot.workspace.web_api.call import Call, Method


async def test(call: Call) -> JsonObject:
    setup = call.office.setup
    return {
        "ok": True,
        "url": f"https://{setup.team.domain}.slack.com/",
        "team": setup.team.name,
        "user": call.office.state.people[setup.bot_user_id].name,
        "team_id": setup.team.id,
        "user_id": setup.bot_user_id,
        "bot_id": setup.bot_id,
        "is_enterprise_install": False,
    }


def methods(socket_mode: SocketMode) -> tuple[Method, ...]:
    async def open_connection(call: Call) -> JsonObject:
        return {"ok": True, "url": socket_mode.ticket_url()}

    return (
        Method("auth.test", test, 4),
        Method("apps.connections.open", open_connection, 3, caller="app"),
    )
