"""users.*: who is who."""

from bot.workspace import shapes
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject
from bot.workspace.web_api.call import Call, Method
from bot.workspace.web_api.conversations import of_person


async def info(call: Call) -> JsonObject:
    person = call.office.state.people.get(call.arguments.required("user"))
    if person is None:
        raise SlackError("user_not_found")
    return {"ok": True, "user": shapes.person(call.office, person)}


async def list_people(call: Call) -> JsonObject:
    people = call.office.state.people.values()
    return {
        "ok": True,
        "members": [shapes.person(call.office, person) for person in people],
        "cache_ts": 0,
        "response_metadata": {"next_cursor": ""},
    }


METHODS = (
    Method("users.info", info, 4, scope="users:read"),
    Method("users.list", list_people, 2, scope="users:read"),
    Method("users.conversations", of_person, 3),
)
