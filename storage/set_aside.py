"""Bad input, with the reason, where a person finds it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import Session, SQLModel, col

from storage.statements import change, in_batches, upsert
from storage.tables import SetAside, Shipment

LONGEST_PLACE = 300  # characters
LONGEST_REASON = 500
LONGEST_EXCERPT = 300

_TABLE = SQLModel.metadata.tables["set_aside"]
_UNPLACED = "tracking number "
_ANY = (
    select(_TABLE.c.place)
    .where(_TABLE.c.source_key == bindparam("source"), _TABLE.c.place.like(bindparam("start")))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class BadInput:
    place: str
    reason: str
    excerpt: str


def unplaced(tracking_number: str) -> str:
    """The place of news about a number that belongs to no known shipment or partner."""
    return _UNPLACED + tracking_number


def record(session: Session, source_key: str, bad: Sequence[BadInput], now: datetime) -> None:
    """One row a place: a later reason replaces the earlier, the first time seen stays."""
    if not bad:
        return
    insert = upsert(session, _TABLE)
    new = insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=["source_key", "place"],
        set_={"reason": new.reason, "excerpt": new.excerpt, "last_seen_at": new.last_seen_at},
    )
    rows = {
        (place := _fit(entry.place, LONGEST_PLACE)): {
            "source_key": source_key,
            "place": place,
            "reason": _fit(entry.reason, LONGEST_REASON),
            "excerpt": _fit(entry.excerpt, LONGEST_EXCERPT),
            "first_seen_at": now,
            "last_seen_at": now,
        }
        for entry in sorted(bad, key=lambda entry: (entry.place, entry.reason, entry.excerpt))
    }
    for batch in in_batches(list(rows.values())):
        session.execute(statement, batch)


def mend(
    session: Session, source_key: str, places_read: Collection[str], still_bad: Collection[str]
) -> int:
    """Forgets what was set aside in these places (`orders.csv` covers `orders.csv:17`) and is
    not bad any more. Returns how many."""
    if not places_read:
        return 0
    read = {_fit(place, LONGEST_PLACE) for place in places_read}
    within = tuple(f"{place}:" for place in read)
    still = {_fit(place, LONGEST_PLACE) for place in still_bad}
    mended = [
        place
        for place in session.scalars(
            select(col(SetAside.place)).where(col(SetAside.source_key) == source_key)
        )
        if (place in read or place.startswith(within)) and place not in still
    ]
    _delete(session, source_key, mended)
    return len(mended)


def mend_taken(
    session: Session, source_key: str, taken: Collection[str], still_bad: Collection[str]
) -> None:
    """Forgets what was set aside in these very places, and could be taken now."""
    if taken and _has_any(session, source_key, ""):
        _delete(session, source_key, sorted(set(taken) - set(still_bad)))


def release_known(session: Session, source_key: str) -> int:
    """Forgets news set aside for lack of a shipment that there is now, so that they can be read
    again. Returns for how many numbers."""
    if not _has_any(session, source_key, _UNPLACED):
        return 0
    waiting = [
        place.removeprefix(_UNPLACED)
        for place in session.scalars(
            select(col(SetAside.place)).where(
                col(SetAside.source_key) == source_key,
                col(SetAside.place).startswith(_UNPLACED, autoescape=True),
            )
        )
    ]
    known: list[str] = []
    for batch in in_batches(waiting):
        known.extend(
            session.scalars(
                select(col(Shipment.tracking_number))
                .where(col(Shipment.tracking_number).in_(batch))
                .distinct()
            )
        )
    _delete(session, source_key, [unplaced(number) for number in known])
    return len(known)


def list_of(session: Session, source_key: str | None, limit: int = 100) -> list[SetAside]:
    """What was seen last comes first. None: of all sources."""
    statement = select(SetAside)
    if source_key is not None:
        statement = statement.where(col(SetAside.source_key) == source_key)
    return list(
        session.scalars(
            statement.order_by(
                col(SetAside.last_seen_at).desc(), col(SetAside.source_key), col(SetAside.place)
            ).limit(limit)
        )
    )


def counts(session: Session) -> dict[str, int]:
    """How much is set aside, by source."""
    rows = session.execute(
        select(col(SetAside.source_key), func.count()).group_by(col(SetAside.source_key))
    )
    return {row[0]: row[1] for row in rows}


def _has_any(session: Session, source_key: str, start_of_place: str) -> bool:
    found = session.execute(_ANY, {"source": source_key, "start": f"{start_of_place}%"})
    return found.first() is not None


def _delete(session: Session, source_key: str, places: Sequence[str]) -> None:
    for batch in in_batches(places):
        change(
            session,
            delete(_TABLE).where(
                col(SetAside.source_key) == source_key, col(SetAside.place).in_(batch)
            ),
        )


def _fit(text: str, length: int) -> str:
    # Neither database takes a NUL or half a surrogate pair.
    return text[:length].replace("\0", "").encode("utf-8", "replace").decode()
