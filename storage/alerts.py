"""The one Slack message, and its thread, that stands for a case or a group of cases."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.statements import in_batches
from storage.tables import Alert


def add(session: Session, partner_key: str | None, channel: str, now: datetime) -> Alert:
    """With its id; its `message_ts` comes when it is sent."""
    alert = Alert(partner_key=partner_key, channel=channel, created_at=now)
    session.add(alert)
    session.flush()
    return alert


def add_many(session: Session, new: Sequence[Alert]) -> None:
    """Gives each its id, in their order."""
    session.add_all(new)
    session.flush()


def by_ids(session: Session, alert_ids: Collection[int]) -> dict[int, Alert]:
    """Unknown ids are left out."""
    found: dict[int, Alert] = {}
    for batch in in_batches(sorted(alert_ids)):
        for alert in session.scalars(select(Alert).where(col(Alert.id).in_(batch))):
            if alert.id is not None:
                found[alert.id] = alert
    return found


def get(session: Session, alert_id: int) -> Alert | None:
    return session.get(Alert, alert_id)


def by_message(session: Session, channel: str, message_ts: str) -> Alert | None:
    """The alert that a person clicked on or answered to."""
    return session.scalars(
        select(Alert).where(col(Alert.channel) == channel, col(Alert.message_ts) == message_ts)
    ).first()


def forget_message(session: Session, alert_id: int) -> None:
    """Its message is gone from Slack."""
    alert = session.get(Alert, alert_id)
    if alert is not None:
        alert.message_ts = None
        session.flush()


def move(session: Session, alert_id: int, channel: str) -> None:
    """It will be said in another channel than it was meant for."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise LookupError(f"there is no alert {alert_id} to move to {channel}")
    alert.channel = channel
    session.flush()


def set_message_ts(session: Session, alert_id: int, message_ts: str, channel: str) -> None:
    """It is in Slack now, in this channel: the one it was meant for, or the fallback."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise LookupError(f"there is no alert {alert_id} to name {message_ts} in Slack")
    alert.message_ts = message_ts
    alert.channel = channel
    session.flush()
