"""What belongs together, and becomes one message."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.lanes import lane_of
from storage.alert_cases import Membership
from storage.tables import Alert, Case, Shipment
from storage.vocabulary import AlertForm, CaseKind, Reason, Severity, Side

HITS_MANY = frozenset(
    {Reason.VEHICLE, Reason.CAPACITY, Reason.INSPECTION}
    | {reason for reason in Reason if reason.side is Side.EXTERNAL}
)
"""Reasons that are seldom one shipment's own: those that share one belong together."""
STORM_GOES_ON_FOR = timedelta(minutes=30)  # after the last one that it took
_ALONE = "case"
_QUIET_HOURS = "quiet hours"
_MUTE = "a mute"


def group_key(destination: str, case: Case, shipment: Shipment | None) -> str:
    """The same for all that one message tells of: partner, kind, and a common cause or lane.
    What is about no shipment, or was asked for by a person, stays alone."""
    if shipment is None or case.kind == CaseKind.ESCALATION:
        return alone_key(destination, case)
    cause = str(case.facts.get("reason"))
    together = cause if cause in HITS_MANY else lane_of(shipment) or ""
    return _key(destination, case.partner_key, case.kind, together)


def alone_key(destination: str, case: Case) -> str:
    """Of one case that nothing joins."""
    return _key(destination, case.partner_key, _ALONE, str(case.id))


def storm_key(destination: str, partner_key: str | None) -> str:
    return _key(destination, partner_key, AlertForm.STORM)


def quiet_key(destination: str, partner_key: str | None, until: datetime) -> str:
    """Of all that comes up in the same quiet hours."""
    return _key(destination, partner_key, _QUIET_HOURS, until.isoformat())


def unmuted_key(destination: str, partner_key: str | None, now: datetime) -> str:
    """Of all that a mute held back, when it ends."""
    return _key(destination, partner_key, _MUTE, now.isoformat())


def is_alone(key: str) -> bool:
    """It is one case's own: nothing joins it, and it goes into no storm."""
    return _part(key, 2) == _ALONE


def takes_others(alert: Alert) -> bool:
    """It is a group, be it of one, that others of its kind may join."""
    is_group = alert.form == AlertForm.GROUP and alert.group_key is not None
    return is_group and not is_alone(alert.group_key or "")


def waited_for(alert: Alert) -> str | None:
    """Why it was held back; None where it was not."""
    if alert.form != AlertForm.HELD_BACK or alert.group_key is None:
        return None
    return _part(alert.group_key, 2)


def takes(
    alert: Alert,
    standing: Membership | None,
    newcomer: Severity,
    zone: ZoneInfo,
    now: datetime,
) -> bool:
    """Whether a newcomer joins what was begun. A person wants a new message when it is worse than
    what was said, on a new day, and where nobody looks any more, for all was taken or is over."""
    if alert.said_at is None:
        return True
    if standing is None or not standing.open or alert.resolved_at is not None:
        return False
    if newcomer.rank > Severity(alert.severity or Severity.INFO).rank:
        return False
    if alert.form == AlertForm.STORM and now > standing.last_joined_at + STORM_GOES_ON_FOR:
        return False
    return alert.said_at.astimezone(zone).date() == now.astimezone(zone).date()


def _key(*parts: str | None) -> str:
    return "|".join(part or "" for part in parts)


def _part(key: str, position: int) -> str:
    parts = key.split("|")
    return parts[position] if position < len(parts) else ""
