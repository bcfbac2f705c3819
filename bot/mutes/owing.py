"""The words that a mute owes Slack: a notice while it lasts, and what is said when it is over."""

from bot.alerts.urgency import CRITICAL, PERSON_WAITS, ROUTINE
from bot.messages.blocks import Message
from bot.messages.case_words import is_person
from bot.messages.mutes import MuteCard, MuteTally, ended_notice, mute_notice, mute_over
from storage.outbox import Owed
from storage.tables import Alert
from storage.vocabulary import OutboxMethod


def owed_notice(alert: Alert, card: MuteCard) -> Owed:
    return Owed(
        key=f"alert:{alert.id}",
        method=OutboxMethod.POST,
        channel=alert.channel,
        alert_id=alert.id,
        payload=_payload(mute_notice(card)),
        urgency=PERSON_WAITS,
    )


def owed_ended_notice(alert: Alert, card: MuteCard, tally: MuteTally) -> Owed:
    """The notice, from now on."""
    return Owed(
        key=f"alert:{alert.id}:edit:over",
        method=OutboxMethod.EDIT,
        channel=alert.channel,
        alert_id=alert.id,
        payload=_payload(ended_notice(card, tally)),
        urgency=_urgency(card, tally),
    )


def owed_end(alert: Alert, card: MuteCard, tally: MuteTally) -> Owed:
    """In the notice's thread, and in the channel too: a mute never ends without a word. It goes
    before what was held back."""
    return Owed(
        key=f"alert:{alert.id}:over",
        method=OutboxMethod.REPLY,
        channel=alert.channel,
        alert_id=alert.id,
        payload={**_payload(mute_over(card, tally)), "reply_broadcast": True},
        urgency=_urgency(card, tally),
    )


def _urgency(card: MuteCard, tally: MuteTally) -> int:
    if is_person(card.ended_by):
        return PERSON_WAITS
    return CRITICAL if tally.open else ROUTINE


def _payload(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": list(message.blocks)}
