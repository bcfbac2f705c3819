"""A small app for the page to talk to: alerts with buttons, a modal, a home, a command."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(label: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def late(shipment: str) -> list[Json]:
    confirm = {
        "title": plain("Resolve it?"),
        "text": mrkdwn("It *won't* be watched any more."),
        "confirm": plain("Resolve it"),
        "deny": plain("Not yet"),
    }
    return [
        {"type": "section", "text": mrkdwn(f":red_circle: *{shipment} is 3 days late*")},
        {
            "type": "actions",
            "elements": [
                button("Acknowledge", "acknowledge", value=shipment, style="primary"),
                button("Escalate", "escalate", value=shipment),
                button("Resolve", "resolve", value=shipment, confirm=confirm),
            ],
        },
    ]


def settled(shipment: str, words: str) -> list[Json]:
    return [
        {"type": "section", "text": mrkdwn(f"*{shipment} is 3 days late*")},
        {"type": "context", "elements": [mrkdwn(words)]},
    ]


def group_of(cases: int) -> list[Json]:
    """One message for many cases, with a menu to pick one of them."""
    options = [
        {"text": plain(f"T-{number} · BW-{number} · Hamburg → Lagos"), "value": f"T-{number}"}
        for number in range(1, cases + 1)
    ]
    menu = {
        "type": "static_select",
        "action_id": "one_case",
        "placeholder": plain("One case…"),
        "options": options,
    }
    return [
        {"type": "section", "text": mrkdwn(f":red_circle: *{cases} shipments are late*")},
        {"type": "actions", "elements": [menu]},
    ]


CAUSES = [{"text": plain(word), "value": word.lower()} for word in ("Customs", "Weather", "Strike")]

ESCALATION: Json = {
    "type": "modal",
    "callback_id": "escalation",
    "title": plain("Escalate"),
    "submit": plain("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": plain("Reason"),
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "cause",
            "label": plain("Cause"),
            "element": {"type": "static_select", "action_id": "one", "options": CAUSES},
        },
        {"type": "actions", "elements": [button("Show the contract", "contract")]},
    ],
}

CONTRACT: Json = {
    "type": "modal",
    "title": plain("Contract"),
    "blocks": [{"type": "section", "text": mrkdwn("An answer is due within *4 hours*.")}],
}

HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your morning")},
        {"type": "actions", "elements": [button("Show worst", "worst")]},
    ],
}


def listen(app: AsyncApp) -> None:
    @app.action("acknowledge")
    async def acknowledge(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await _redraw(client, body, f"Acknowledged by <@{body['user']['id']}>")

    @app.action("resolve")
    async def resolve(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await _redraw(client, body, "Resolved")

    @app.action("escalate")
    async def escalate(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        place = {"private_metadata": body["channel"]["id"]}
        await client.views_open(trigger_id=body["trigger_id"], view=ESCALATION | place)

    @app.action("one_case")
    async def one_case(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(
            channel=body["channel"]["id"],
            thread_ts=body["message"]["ts"],
            text=f"<@{body['user']['id']}> took {body['actions'][0]['selected_option']['value']}",
        )

    @app.action("contract")
    async def contract(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=CONTRACT)

    @app.view("escalation")
    async def escalation(ack: AsyncAck, view: Json, client: AsyncWebClient) -> None:
        values = view["state"]["values"]
        reason = values["reason"]["text"]["value"]
        if len(reason) < 10:
            await ack(response_action="errors", errors={"reason": "Say what you need to know."})
            return
        await ack()
        cause = values["cause"]["one"]["selected_option"]["value"]
        await client.chat_postMessage(
            channel=view["private_metadata"], text=f"Escalated ({cause}): {reason}"
        )

    @app.command("/scorecard")
    async def scorecard(ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        await ack()
        await respond(f"On time: 26 of 32, for {command['text']}")

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            await client.views_publish(user_id=event["user"], view=HOME)

    @app.action("worst")
    async def worst(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        blocks = [{"type": "section", "text": mrkdwn("*BW-7* is the worst")}]
        await client.views_publish(user_id=body["user"]["id"], view=HOME | {"blocks": blocks})

    @app.event("message")
    async def message() -> None:
        """Direct messages are taken note of, and that is all."""


async def _redraw(client: AsyncWebClient, body: Json, words: str) -> None:
    shipment = body["actions"][0]["value"]
    await client.chat_update(
        channel=body["channel"]["id"],
        ts=body["message"]["ts"],
        text=f"{shipment}: {words}",
        blocks=settled(shipment, words),
    )
