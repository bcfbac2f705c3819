"""Input as long and as bad as it gets, and what must hold of every message made of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, CheckpointLine, MissLine, ShipmentCard
from bot.messages.plainer import plainer
from bot.rules.finding import Fact
from bot.workspace.limits import check_message
from storage.vocabulary import Reason, Status

HOSTILE = "<!channel> @here *b* _i_ `c` <@U0EVIL> :tada: \u202e\u200b&\n> q " * 200
ZONE = "America/Argentina/ComodRivadavia"  # the longest there is
FIGURE = 123_456_789.25

OURS = re.compile(r"<@U0(?:ADA|OPS)>|<#C0ACME>|<https://slack\.example/[^|>]*\|T-\d+>")


def hostile_shipment(now: datetime) -> ShipmentCard:
    line = CheckpointLine(now, Status.ON_HOLD, Reason.FUTURE_DELIVERY, HOSTILE, HOSTILE)
    return ShipmentCard(
        tracking_number=HOSTILE,
        status=Status.ON_HOLD,
        zone=ZONE,
        partner_name=HOSTILE,
        reason=Reason.FUTURE_DELIVERY,
        carrier=HOSTILE,
        service=HOSTILE,
        order_reference=HOSTILE,
        origin=HOSTILE,
        destination=HOSTILE,
        value=FIGURE,
        currency=HOSTILE,
        quantity=FIGURE,
        ordered_at=now - timedelta(days=900),
        promised_at=now + timedelta(days=900),
        estimated_at=now + timedelta(days=901),
        last_checkpoint=line,
        checkpoints=(line,) * 150,
    )


def hostile_facts(now: datetime) -> dict[str, Fact]:
    """All that any kind reads, as long and as bad as it gets."""
    words = (
        "side reason what why how who metric period source error text name returns_of "
        "location came_from last_seen_in reasons_before status missing_from cut_off"
    )
    figures = (
        "numerator denominator target misses attempts slips failures ordered missing count "
        "expected days days_missing days_before days_between usual_gap_working_hours "
        "previous_numerator previous_denominator"
    )
    instants = (
        "estimated_at announced_at expected_by last_scan_at ship_by held_since delivered_at "
        "last_seen_at returns_at received_at last_success_at last_news_at scanned_again_at "
        "scanned_at against due_at ordered_at"
    )
    return {
        **dict.fromkeys(words.split(), HOSTILE),
        **dict.fromkeys(figures.split(), FIGURE),
        **dict.fromkeys(instants.split(), (now - timedelta(days=900)).isoformat()),
        "is_labelled": True,
    }


def hostile_case(case: CaseCard) -> CaseCard:
    now = case.now
    return replace(
        case,
        case_id=2**62,
        zone=ZONE,
        partner_name=HOSTILE,
        note=HOSTILE,
        handled_by="U0OPS",
        handled_at=now,
        snoozed_until=now + timedelta(days=900),
        resolved_at=now,
        facts=hostile_facts(now),
        times_back=10**9,
        clear_since=now - timedelta(days=900),
        resolves_at=now + timedelta(days=900),
        explained_by_case=2**62,
        shipment=hostile_shipment(now),
        misses=(hostile_miss(now),) * 120,
        permalink="https://slack.example/" + "p" * 200,
    )


def hostile_miss(now: datetime) -> MissLine:
    return MissLine(HOSTILE, ZONE, HOSTILE, HOSTILE, now, now - timedelta(days=800), now)


def _marked_up(value: object) -> Iterator[str]:
    """What Slack looks through for names and links."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for part in value.values():
            yield from _marked_up(part)
    elif isinstance(value, list):
        for part in value:
            yield from _marked_up(part)


def _set_plainly(value: object) -> Iterator[str]:
    """What it shows as it is: in menus, buttons and tables."""
    if isinstance(value, dict):
        if value.get("type") != "mrkdwn" and isinstance(value.get("text"), str):
            yield value["text"]
        for part in value.values():
            yield from _set_plainly(part)
    elif isinstance(value, list):
        for part in value:
            yield from _set_plainly(part)


def _named(value: object) -> Iterator[str]:
    """Whom a table names."""
    if isinstance(value, dict):
        if value.get("type") == "user":
            yield value["user_id"]
        for part in value.values():
            yield from _named(part)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part)


def check(message: Message) -> None:
    """Slack takes it, and it rings nobody but our own people."""
    check_message(message.blocks)
    assert message.text.strip()
    assert len(message.text) <= 3000
    json.dumps(message.blocks, ensure_ascii=False, allow_nan=False).encode()
    for text in [message.text, *_marked_up(message.blocks)]:
        harmless = OURS.sub("", text)
        assert "<" not in harmless
        assert ">" not in harmless
        assert not re.search(r"U0EVIL(?!&gt;|›)", harmless)
        assert "@here" not in harmless
        assert ":tada:" not in harmless
        assert not re.search(r"[\u202e\u200b\x00]", harmless)
    for text in _set_plainly(message.blocks):
        assert not re.search(r"[\u202e\u200b\x00]", text)
    assert set(_named(message.blocks)) <= {"U0ADA", "U0OPS"}


def all_forms(message: Message) -> Iterator[Message]:
    """As it is written, and in each plainer form down to the plainest."""
    payload: dict[str, Any] | None = {"text": message.text, "blocks": message.blocks}
    while payload is not None:
        yield Message(payload["text"], payload["blocks"])
        payload = plainer(payload)
