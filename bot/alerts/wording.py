"""The words of an alert as it stands, as the outbox takes them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.alerts.telling import Telling
from bot.alerts.urgency import AFTERWARDS, CRITICAL, PERSON_WAITS, ROUTINE
from bot.cases.changes import is_by_a_person, made_it_worse
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import case_alert
from bot.messages.case_list import case_list
from bot.messages.group_alert import group_alert
from bot.messages.group_deeds import deed_reply
from bot.messages.group_update import group_update
from bot.messages.history import history_reply
from bot.messages.moved import moved_away
from storage.cases import PastEvent
from storage.outbox import Owed
from storage.vocabulary import CaseAction, OutboxMethod, Severity

_SHOWN_BY_ITSELF = {CaseAction.CHANGED, CaseAction.HANDED_OVER}


def owed_message(telling: Telling) -> Owed:
    """Posted where it was never said, else edited."""
    payload = _payload(_message(telling))
    key, method = f"alert:{telling.alert_id}", OutboxMethod.POST
    if telling.alert.said_at is not None:
        key, method = f"{key}:edit:{_version(payload, telling.now)}", OutboxMethod.EDIT
    return _owed(telling, key, method, payload)


def owed_replies(telling: Telling) -> Iterator[Owed]:
    """What its thread is told: every deed of a person, and what happened by itself unless that
    has to wait for the morning."""
    by_themselves = [] if telling.held_back_until else telling.automatic
    if telling.is_group:
        yield from _deeds(telling)
        worth_telling = [e for e in by_themselves if _is_worth_telling(e)]
        # Where its message waits itself, that will show all of it.
        if worth_telling and telling.alert.message_ts is not None:
            yield _update(telling, worth_telling)
        return
    told = sorted([*telling.deeds, *by_themselves], key=lambda event: event.id or 0)
    for event in told:
        if event.action != CaseAction.OPENED:
            yield _reply(telling, [event], history_reply(_entry(event, telling), telling.cards[0]))


def owed_list(telling: Telling) -> Owed | None:
    """All the cases as a file, where the message can't show them."""
    cases = len(telling.cards)
    if not telling.must_be_listed:
        return None
    listed = case_list(telling.cards, telling.now)
    payload: dict[str, object] = {
        "text": f"All {cases} cases.",
        "file_name": listed.file_name,
        "content": listed.content,
    }
    key = f"alert:{telling.alert_id}:list:{cases}"
    owed = _owed(telling, key, OutboxMethod.FILE, payload)
    return replace(owed, urgency=AFTERWARDS)


def _message(telling: Telling) -> Message:
    if not telling.cards:
        return moved_away()
    if telling.is_group:
        return group_alert(telling.group_card)
    return case_alert(telling.cards[0])


def _deeds(telling: Telling) -> Iterator[Owed]:
    """One reply for all that somebody did at once."""
    together: defaultdict[tuple[datetime, str, str, str | None], list[PastEvent]]
    together = defaultdict(list)
    for event in telling.deeds:
        together[event.at, event.actor, event.action, event.note].append(event)
    for events in together.values():
        cards = [telling.by_case[event.case_id] for event in events]
        yield _reply(telling, events, deed_reply(_entry(events[0], telling), cards))


def _is_worth_telling(event: PastEvent) -> bool:
    """That one of many is less severe than before is not, nor whose it is: its message shows it."""
    return event.action not in _SHOWN_BY_ITSELF or made_it_worse(event)


def _update(telling: Telling, events: Sequence[PastEvent]) -> Owed:
    after: dict[int, CaseAction] = {}
    for event in events:
        after[event.case_id] = CaseAction(event.action)

    def those(*actions: CaseAction) -> list[CaseCard]:
        return [telling.by_case[case_id] for case_id, action in after.items() if action in actions]

    worse = {event.case_id for event in events if made_it_worse(event)}
    message = group_update(
        telling.group_card,
        joined=those(CaseAction.OPENED),
        resolved=those(CaseAction.RESOLVED),
        reopened=those(CaseAction.REOPENED, CaseAction.SNOOZE_ENDED),
        worse=[telling.by_case[case_id] for case_id in sorted(worse)],
    )
    owed = _reply(telling, events, message)
    # What nobody did, and is not critical, waits until all alerts stand in Slack.
    return replace(owed, urgency=AFTERWARDS) if owed.urgency == ROUTINE else owed


def _reply(telling: Telling, events: Sequence[PastEvent], message: Message) -> Owed:
    """Named by the last of the events that it tells."""
    payload = _payload(message)
    is_asked = any(event.action == CaseAction.ESCALATED for event in events)
    payload["reply_broadcast"] = is_asked
    key = f"alert:{telling.alert_id}:history:{events[-1].id}"
    return _owed(telling, key, OutboxMethod.REPLY, payload)


def _entry(event: PastEvent, telling: Telling) -> HistoryEntry:
    return HistoryEntry(
        at=event.at,
        actor=event.actor,
        action=CaseAction(event.action),
        note=event.note,
        until=telling.by_case[event.case_id].snoozed_until,
    )


def _owed(telling: Telling, key: str, method: OutboxMethod, payload: dict[str, object]) -> Owed:
    return Owed(key, method, telling.alert.channel, payload, _urgency(telling), telling.alert_id)


def _urgency(telling: Telling) -> int:
    if any(is_by_a_person(event) for event in telling.events):
        return PERSON_WAITS
    if telling.is_only_later:
        return AFTERWARDS
    return CRITICAL if telling.severity is Severity.CRITICAL else ROUTINE


def _version(payload: Mapping[str, object], now: datetime) -> str:
    """Two edits of one instant, as where the clock stands still, are two unless they say the
    same."""
    said = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    return f"at:{now.isoformat()}:{said[:16]}"


def _payload(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": list(message.blocks)}
