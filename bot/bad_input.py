"""What sources brought that could not be taken, for a person at a terminal."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from bot.messages.text import ago, cut, plain, plural
from storage import set_aside

SHOWN = 1000  # of each source
WORDS_SHOWN = 300  # characters of a reason, and of what was set aside


def listing(session: Session, now: datetime) -> list[str]:
    """In lines: by source, what was seen last first."""
    counts = set_aside.counts(session)
    if not counts:
        return ["Nothing is set aside: all that sources brought was taken."]
    entries = plural(sum(counts.values()), "bad entry", "bad entries")
    lines = [
        f"{entries} set aside. Mend them where they come from: they are taken when read again."
    ]
    for source_key, count in sorted(counts.items()):
        lines.append(f"{source_key}: {count}")
        lines.extend(_lines(session, source_key, count, now))
    return lines


def _lines(session: Session, source_key: str, count: int, now: datetime) -> Iterator[str]:
    shown = set_aside.list_of(session, source_key, SHOWN)
    for one in shown:
        reason = cut(plain(one.reason), WORDS_SHOWN)
        yield f"  {plain(one.place)}: {reason} (first seen {ago(one.first_seen_at, now)})"
        if one.excerpt:
            yield f"      {cut(plain(one.excerpt), WORDS_SHOWN)}"
    if count > len(shown):
        yield f"  and {count - len(shown)} more"
