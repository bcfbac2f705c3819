"""views.*: modals and the home tab."""

import secrets
from dataclasses import replace

from bot.workspace import limits, shapes
from bot.workspace.block_ids import with_ids
from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject, objects_at, text_at
from bot.workspace.office import Office, new_id
from bot.workspace.state import View
from bot.workspace.triggers import Trigger
from bot.workspace.web_api.call import Call, Method


async def open_view(call: Call) -> JsonObject:
    body = _body(call, "modal")
    trigger = _trigger(call)
    view = new_view(call.office, trigger.person, body)
    call.office.open_modal(view)
    return {"ok": True, "view": shapes.view(call.office, view)}


async def push(call: Call) -> JsonObject:
    body = _body(call, "modal")
    trigger = _trigger(call)
    below = None if trigger.view_id is None else call.office.state.view(trigger.view_id)
    if below is None or not below.is_modal:
        raise SlackError("not_found")
    view = new_view(call.office, trigger.person, body, below=below)
    call.office.push_modal(view)
    return {"ok": True, "view": shapes.view(call.office, view)}


async def update(call: Call) -> JsonObject:
    view = _known(call)
    body = _body(call, text_at(view.body, "type"))
    _check_hash(call, view)
    view = revised(view, body)
    if view.is_modal:
        call.office.replace_modal(view)
    else:
        call.office.publish_home(view)
    return {"ok": True, "view": shapes.view(call.office, view)}


async def publish(call: Call) -> JsonObject:
    office = call.office
    person = call.arguments.required("user_id")
    if person not in office.state.people:
        raise SlackError("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    if not office.manifest.features.app_home.home_tab_enabled:
        raise SlackError("not_enabled")
    body = _body(call, "home")
    known = office.state.homes.get(person)
    if known is None:
        view = new_view(office, person, body)
    else:
        _check_hash(call, known)
        view = revised(known, body)
    office.publish_home(view)
    return {"ok": True, "view": shapes.view(office, view)}


def new_view(office: Office, person: str, body: JsonObject, *, below: View | None = None) -> View:
    """A view that nobody saw before, on top of `below` if given; `body` is already checked.

    Raises duplicate_external_id.
    """
    external_id = text_at(body, "external_id")
    if external_id and _by_external_id(office, external_id) is not None:
        raise SlackError("duplicate_external_id")
    view_id = new_id("V")
    return View(
        id=view_id,
        person=person,
        body={**body, "blocks": list(with_ids(objects_at(body, "blocks")))},
        hash=_new_hash(),
        root_id=below.root_id if below else view_id,
        previous_id=below.id if below else None,
    )


def revised(view: View, body: JsonObject) -> View:
    """The same view with another body; what a person typed stays where its block stays."""
    blocks = with_ids(objects_at(body, "blocks"))
    kept = {text_at(block, "block_id") for block in blocks}
    return replace(
        view,
        body={**body, "blocks": list(blocks)},
        hash=_new_hash(),
        values={block_id: value for block_id, value in view.values.items() if block_id in kept},
    )


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def _body(call: Call, kind: str) -> JsonObject:
    body = call.arguments.object("view", "invalid_arguments")
    if body is None:
        raise SlackError(
            "invalid_arguments", ["[ERROR] missing required field [json-pointer:/view]"]
        )
    limits.check_view(body)
    if body.get("type") != kind:
        raise SlackError("invalid_arguments", [f"[ERROR] must be {kind} [json-pointer:/view/type]"])
    return body


def _trigger(call: Call) -> Trigger:
    return call.office.triggers.exchange(call.arguments.required("trigger_id"))


def _by_external_id(office: Office, external_id: str) -> View | None:
    views = [view for stack in office.state.modals.values() for view in stack]
    views += office.state.homes.values()
    return next((v for v in views if text_at(v.body, "external_id") == external_id), None)


def _known(call: Call) -> View:
    external_id = call.arguments.text("external_id")
    if external_id is not None:
        view = _by_external_id(call.office, external_id)
    else:
        view = call.office.state.view(call.arguments.required("view_id"))
    if view is None:
        raise SlackError("not_found")
    return view


def _check_hash(call: Call, view: View) -> None:
    if call.arguments.text("hash") not in (None, view.hash):
        raise SlackError("hash_conflict")


METHODS = (
    Method("views.open", open_view, 4),
    Method("views.push", push, 4),
    Method("views.update", update, 4),
    Method("views.publish", publish, 4),
)
