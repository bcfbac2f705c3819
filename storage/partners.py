"""Partners as rows: whom shipments, figures and cases belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.statements import change
from storage.tables import Partner
from storage.vocabulary import PartnerKind


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
    stored = {partner.key: partner for partner in session.scalars(select(Partner))}
    for entry in partners:
        partner = stored.pop(entry.key, None)
        if partner is None:
            session.add(
                Partner(
                    key=entry.key,
                    name=entry.name,
                    kind=entry.kind,
                    channel=entry.channel,
                    book_channel=entry.channel,
                )
            )
            continue
        partner.name = entry.name
        partner.kind = entry.kind
        partner.in_book = True
        if partner.book_channel != entry.channel:
            partner.channel = partner.book_channel = entry.channel
    for gone in stored.values():
        gone.in_book = False
    session.flush()


def get(session: Session, key: str) -> Partner | None:
    return session.get(Partner, key)


def list_in_book(session: Session) -> list[Partner]:
    return list(
        session.scalars(select(Partner).where(col(Partner.in_book)).order_by(col(Partner.name)))
    )


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
