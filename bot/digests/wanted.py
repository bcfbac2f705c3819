"""Which digests the book asks for, and which of them may be said where they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.book.calendar import calendar_for, calendar_of
from bot.book.models import Book, PartnerEntry
from bot.book.telling import DigestEntry
from bot.calendars import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Digest:
    entry: DigestEntry
    channel: str
    """As Slack names it now."""
    partners: tuple[PartnerEntry, ...]
    """Whom it tells of; in a partner's channel that partner, whatever the book asks for."""
    tells_of_all: bool
    """Of what belongs to no partner, too."""
    zone: ZoneInfo
    calendar: WorkingCalendar

    @property
    def subject(self) -> str:
        """Its name among what is due."""
        return subject_of(self.entry)

    @property
    def only_partner(self) -> PartnerEntry | None:
        return self.partners[0] if len(self.partners) == 1 and not self.tells_of_all else None


def subject_of(entry: DigestEntry) -> str:
    return f"{entry.channel}:{entry.every}"


def digests_wanted(book: Book, channels: Mapping[str, str]) -> dict[str, Digest]:
    """By subject. `channels`: the present channel of every partner, by its key, of those who left
    the book, too. What would show a partner its neighbours is left out."""
    wanted: dict[str, Digest] = {}
    for entry in book.digests:
        digest = _digest(book, entry, channels)
        if digest is not None:
            wanted.setdefault(digest.subject, digest)
    return wanted


def _digest(book: Book, entry: DigestEntry, channels: Mapping[str, str]) -> Digest | None:
    owners = _owners(book, entry.channel, channels)
    if not owners:
        return _of_our_own_channel(book, entry)
    if len(owners) > 1:
        return None
    (key,) = owners
    return _of_partners_channel(book, entry, key, channels)


def _of_our_own_channel(book: Book, entry: DigestEntry) -> Digest | None:
    asked = [partner for partner in book.partners if partner.key in entry.partners]
    if entry.partners and not asked:
        return None
    return Digest(
        entry=entry,
        channel=entry.channel,
        partners=tuple(asked or book.partners),
        tells_of_all=not entry.partners,
        zone=ZoneInfo(entry.time_zone or book.time_zone),
        calendar=calendar_for(book, None),
    )


def _of_partners_channel(
    book: Book, entry: DigestEntry, key: str, channels: Mapping[str, str]
) -> Digest | None:
    partner = next((partner for partner in book.partners if partner.key == key), None)
    if partner is None or (entry.partners and key not in entry.partners):
        return None
    channel = channels.get(key, partner.channel)
    if _owners(book, channel, channels) != {key}:
        return None
    return Digest(
        entry=entry,
        channel=channel,
        partners=(partner,),
        tells_of_all=False,
        zone=ZoneInfo(entry.time_zone or partner.time_zone),
        calendar=calendar_of(partner),
    )


def _owners(book: Book, channel: str, channels: Mapping[str, str]) -> set[str]:
    """The partners whose channel it is: by the book, or since Slack gave it another id."""
    by_book = {partner.key for partner in book.partners if partner.channel == channel}
    return by_book | {key for key, present in channels.items() if present == channel}
