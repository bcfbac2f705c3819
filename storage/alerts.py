"""The one Slack message, and its thread, that stands for a case or a group of cases."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, SQLModel, col

from storage.bulk import BulkInsert
from storage.statements import in_batches, is_among
from storage.tables import Alert
from storage.vocabulary import AlertForm

_BEGIN = BulkInsert(
    SQLModel.metadata.tables["alert"],
    (
        "partner_key",
        "channel",
        "form",
        "group_key",
        "continues_id",
        "listed_cases",
        "reminded",
        "created_at",
    ),
    lambda insert: insert.on_conflict_do_nothing(index_elements=("group_key",)),
)
_BY_GROUP_KEYS = (
    select(Alert)
    .where(is_among(col(Alert.group_key), "keys"))
    .order_by(col(Alert.id))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_BY_IDS = select(Alert).where(is_among(col(Alert.id), "ids"))
_LOCK = _BY_IDS.order_by(col(Alert.id)).with_for_update().execution_options(populate_existing=True)
_UNSAID_GROUPS = (
    select(Alert)
    .where(
        col(Alert.channel) == bindparam("in_channel"),
        col(Alert.said_at).is_(None),
        col(Alert.form) == AlertForm.GROUP,
        col(Alert.group_key).is_not(None),
    )
    .order_by(col(Alert.id))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_UNSAID_GROUPS_OF_PARTNER = _UNSAID_GROUPS.where(col(Alert.partner_key) == bindparam("partner"))
_UNSAID_GROUPS_OF_NONE = _UNSAID_GROUPS.where(col(Alert.partner_key).is_(None))


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert that begins, and the key of what may join it."""

    group_key: str
    partner_key: str | None
    channel: str
    form: AlertForm = AlertForm.GROUP
    continues_id: int | None = None


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


def by_group_keys(session: Session, keys: Iterable[str]) -> dict[str, Alert]:
    """Those that still take newcomers, by their key; nobody else changes them before this
    transaction ends."""
    found: dict[str, Alert] = {}
    for batch in in_batches(sorted(set(keys))):
        for alert in session.scalars(_BY_GROUP_KEYS, {"keys": batch}):
            if alert.group_key is not None:
                found[alert.group_key] = alert
    return found


def begin(session: Session, new: Sequence[NewAlert], now: datetime) -> dict[str, Alert]:
    """By group key. Where another process was quicker, its alert is given."""
    session.flush()
    begun: dict[str, Alert] = {}
    missing = {alert.group_key: alert for alert in new}
    while missing:
        _BEGIN.execute(
            session,
            [_row(missing[key], now) for key in sorted(missing)],
        )
        begun.update(by_group_keys(session, missing))
        missing = {key: alert for key, alert in missing.items() if key not in begun}
    return begun


def by_ids(session: Session, alert_ids: Collection[int]) -> dict[int, Alert]:
    """Unknown ids are left out."""
    found: dict[int, Alert] = {}
    for batch in in_batches(sorted(alert_ids)):
        for alert in session.scalars(_BY_IDS, {"ids": batch}):
            if alert.id is not None:
                found[alert.id] = alert
    return found


def lock(session: Session, alert_ids: Collection[int]) -> dict[int, Alert]:
    """The same, as they are now; nobody else changes them before this transaction ends."""
    found: dict[int, Alert] = {}
    for batch in in_batches(sorted(alert_ids)):
        for alert in session.scalars(_LOCK, {"ids": batch}):
            if alert.id is not None:
                found[alert.id] = alert
    return found


def unsaid_groups(session: Session, channel: str, partner_key: str | None) -> list[Alert]:
    """Those that wait for what belongs to them, oldest first; nobody else changes them before
    this transaction ends."""
    if partner_key is None:
        return list(session.scalars(_UNSAID_GROUPS_OF_NONE, {"in_channel": channel}))
    given = {"in_channel": channel, "partner": partner_key}
    return list(session.scalars(_UNSAID_GROUPS_OF_PARTNER, given))


def remove(session: Session, alert_ids: Collection[int]) -> None:
    """Of those that were never said."""
    for batch in in_batches(sorted(alert_ids)):
        session.execute(
            delete(Alert)
            .where(col(Alert.id).in_(batch))
            .execution_options(synchronize_session="fetch")
        )


def remove_unsaid(session: Session, alert_ids: Collection[int]) -> None:
    """Of these, those of which nothing was ever said."""
    unsaid = [id for id, alert in by_ids(session, alert_ids).items() if alert.said_at is None]
    remove(session, unsaid)


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


def places(session: Session, alert_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The channel and the timestamp of the messages that are in Slack, by alert."""
    found = session.execute(
        select(col(Alert.id), col(Alert.channel), col(Alert.message_ts)).where(
            is_among(col(Alert.id), "ids"), col(Alert.message_ts).is_not(None)
        ),
        {"ids": sorted(alert_ids)},
    )
    return {alert_id: (channel, message_ts) for alert_id, channel, message_ts in found}


def set_message_ts(session: Session, alert_id: int, message_ts: str, channel: str) -> None:
    """It is in Slack now, in this channel: the one it was meant for, or the fallback."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        raise LookupError(f"there is no alert {alert_id} to name {message_ts} in Slack")
    alert.message_ts = message_ts
    alert.channel = channel
    session.flush()


def _row(new: NewAlert, now: datetime) -> tuple[object, ...]:
    listed_cases = reminded = 0
    return (
        new.partner_key,
        new.channel,
        new.form.value,
        new.group_key,
        new.continues_id,
        listed_cases,
        reminded,
        now,
    )
