"""Partners as rows: whom shipments, figures and cases belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import select, update
from sqlmodel import Session, SQLModel, col

from storage.bulk import Prepared
from storage.statements import change, upsert
from storage.tables import Partner
from storage.vocabulary import PartnerKind

_TABLE = SQLModel.metadata.tables["partner"]
_CHANNELS = Prepared(select(col(Partner.key), col(Partner.channel)))


@dataclass(frozen=True, slots=True)
class BookPartner:
    """What the rows take from the book."""

    key: str
    name: str
    kind: PartnerKind
    channel: str


def sync_book(session: Session, partners: Sequence[BookPartner]) -> None:
    """Makes the rows say what the book says. Who left the book stays, marked so.

    Where Slack gave a channel another id (`change_channel`), that id stays for as long as the
    book says the same as before; as soon as the book says something new, the book wins.
    """
    _add_missing(session, partners)
    stored = {
        partner.key: partner
        for partner in session.scalars(
            select(Partner)
            .order_by(col(Partner.key))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    for entry in partners:
        partner = stored.pop(entry.key)
        partner.name = entry.name
        partner.kind = entry.kind
        partner.in_book = True
        if partner.book_channel != entry.channel:
            partner.channel = partner.book_channel = entry.channel
    for gone in stored.values():
        gone.in_book = False
        gone.judged_by = None
    session.flush()


def _add_missing(session: Session, partners: Sequence[BookPartner]) -> None:
    """Several processes may start on one database at the same time."""
    for entry in sorted(partners, key=attrgetter("key")):
        session.execute(
            upsert(session, _TABLE)
            .values(
                key=entry.key,
                name=entry.name,
                kind=entry.kind,
                channel=entry.channel,
                book_channel=entry.channel,
                in_book=True,
            )
            .on_conflict_do_nothing(index_elements=["key"])
        )


def change_judged_by(session: Session, judged_by: Mapping[str, str]) -> list[str]:
    """Keeps these fingerprints, by partner; returns the keys of those for whom another was known,
    or none."""
    changed = [
        partner
        for partner in session.scalars(
            select(Partner).where(col(Partner.key).in_(judged_by)).order_by(col(Partner.key))
        )
        if partner.judged_by != judged_by[partner.key]
    ]
    for partner in changed:
        partner.judged_by = judged_by[partner.key]
    session.flush()
    return [partner.key for partner in changed]


def get(session: Session, key: str) -> Partner | None:
    return session.get(Partner, key)


def channels(session: Session) -> dict[str, str]:
    """The present channel of every partner, by its key: of those who left the book, too."""
    return {key: channel for key, channel in _CHANNELS.execute(session)}


def by_channel(session: Session, channel: str) -> list[Partner]:
    """The partners of the book whose channel this is: several may share one."""
    return list(
        session.scalars(
            select(Partner)
            .where(col(Partner.channel) == channel, col(Partner.in_book))
            .order_by(col(Partner.name))
        )
    )


def change_channel(session: Session, old_id: str, new_id: str) -> int:
    """Slack gave a channel another id. Returns how many partners it concerned."""
    return change(
        session, update(Partner).where(col(Partner.channel) == old_id).values(channel=new_id)
    )
