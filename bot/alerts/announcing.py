"""Gives new cases an alert in each place where they are to be told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.alerts.grouping import group_key, is_alone, quiet_key, storm_key, takes, unmuted_key
from bot.alerts.quiet import may_not_wait, quiet_until
from bot.book.calendar import calendar_for
from bot.book.models import Book
from bot.routing import Router, routed_case
from storage import alert_cases, alerts, due, partners, shipments
from storage.alerts import NewAlert
from storage.tables import Alert, Case, Shipment
from storage.vocabulary import AlertForm, DueKind, Severity


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a case is told, with what else, and when at the latest."""

    case: Case
    channel: str
    form: AlertForm
    key: str
    say_by: datetime

    @property
    def case_id(self) -> int:
        if self.case.id is None:
            raise ValueError("a case is stored before it is told")
        return self.case.id

    @property
    def can_join_storm(self) -> bool:
        return self.form is AlertForm.GROUP and not is_alone(self.key)


def announce(
    session: Session, new: Sequence[Case], book: Book, now: datetime
) -> Mapping[int, Sequence[Alert]]:
    """With what belongs to them; in quiet hours, what is not critical waits for their end. Returns
    the alerts of each case, the first one first."""
    if not new:
        return {}
    known = _shipments_of(session, new)
    routed = _routed(session, new, known, book)
    return _put(session, [_place(*each, known, book, now) for each in routed], book, now)


def announce_unmuted(session: Session, cases: Sequence[Case], book: Book, now: datetime) -> None:
    """Those that a mute held back, when it ends: one message for a partner in each place."""
    if not cases:
        return
    places = []
    for case, channel in _routed(session, cases, _shipments_of(session, cases), book):
        key = unmuted_key(channel, case.partner_key, now)
        say_by = quiet_until(book, case.partner_key, now) or now
        places.append(_Place(case, channel, AlertForm.HELD_BACK, key, say_by))
    _put(session, places, book, now)


def _shipments_of(session: Session, cases: Sequence[Case]) -> Mapping[int | None, Shipment]:
    ids = sorted({case.shipment_id for case in cases if case.shipment_id is not None})
    return dict(shipments.by_ids(session, ids).items())


def _routed(
    session: Session,
    cases: Sequence[Case],
    known: Mapping[int | None, Shipment],
    book: Book,
) -> Iterator[tuple[Case, str]]:
    router = Router(book, partners.channels(session))
    for case in cases:
        for channel in router.destinations(routed_case(case, known.get(case.shipment_id))):
            yield case, channel


def _place(
    case: Case,
    channel: str,
    known: Mapping[int | None, Shipment],
    book: Book,
    now: datetime,
) -> _Place:
    key = group_key(channel, case, known.get(case.shipment_id))
    if may_not_wait(case):
        say_by = now + timedelta(seconds=book.grouping.critical_wait_seconds)
        return _Place(case, channel, AlertForm.GROUP, key, say_by)
    until = quiet_until(book, case.partner_key, now)
    if until is not None:
        key = quiet_key(channel, case.partner_key, until)
        return _Place(case, channel, AlertForm.HELD_BACK, key, until)
    say_by = now + timedelta(seconds=book.grouping.wait_seconds)
    return _Place(case, channel, AlertForm.GROUP, key, say_by)


def _put(
    session: Session, places: Sequence[_Place], book: Book, now: datetime
) -> Mapping[int, Sequence[Alert]]:
    storms = [storm_key(place.channel, place.case.partner_key) for place in places]
    standing = alerts.by_group_keys(session, {*(place.key for place in places), *storms})
    said = [_id(alert) for alert in standing.values() if alert.said_at is not None]
    members = alert_cases.memberships(session, said)

    def is_taken(key: str, place: _Place) -> bool:
        alert = standing.get(key)
        if alert is None:
            return False
        severity, zone = Severity(place.case.severity), _zone(book, place.case)
        return takes(alert, members.get(_id(alert)), severity, zone, now)

    into = [
        storm if place.can_join_storm and is_taken(storm, place) else place.key
        for place, storm in zip(places, storms, strict=True)
    ]
    ended = {key for place, key in zip(places, into, strict=True) if not is_taken(key, place)}
    for key in ended & standing.keys():
        standing[key].group_key = None
    begun = alerts.begin(
        session,
        [
            _new_alert(place, standing.get(key))
            for key, place in dict(zip(into, places, strict=True)).items()
            if key in ended
        ],
        now,
    )
    alert_of = [
        (place, begun.get(key) or standing[key]) for place, key in zip(places, into, strict=True)
    ]
    alert_cases.join(session, [(_id(alert), place.case_id) for place, alert in alert_of], now)
    for place, alert in alert_of:
        if place.case.alert_id is None:
            place.case.alert_id = alert.id
    _make_due(session, alert_of, book, now)
    joined: defaultdict[int, list[Alert]] = defaultdict(list)
    for place, alert in sorted(alert_of, key=lambda each: _id(each[1])):
        joined[place.case_id].append(alert)
    return joined


def _new_alert(place: _Place, before: Alert | None) -> NewAlert:
    goes_on = before is not None and before.resolved_at is None
    return NewAlert(
        group_key=place.key,
        partner_key=place.case.partner_key,
        channel=place.channel,
        form=place.form,
        continues_id=before.id if before is not None and goes_on else None,
    )


def _make_due(
    session: Session, joined: Sequence[tuple[_Place, Alert]], book: Book, now: datetime
) -> None:
    redrawn_at = now + timedelta(seconds=book.grouping.redraw_seconds)
    due_at: dict[str, datetime] = {}
    for place, alert in joined:
        at = place.say_by if alert.said_at is None else min(place.say_by, redrawn_at)
        due_at[str(alert.id)] = min(at, due_at.get(str(alert.id), at))
    due.schedule_earlier_many(session, DueKind.SAY_ALERT, due_at)


def _zone(book: Book, case: Case) -> ZoneInfo:
    return calendar_for(book, case.partner_key).zone


def _id(alert: Alert) -> int:
    if alert.id is None:
        raise ValueError("an alert is stored before cases join it")
    return alert.id
