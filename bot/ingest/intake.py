"""What all parts of a page's way in share: whose it is, and what of it could not be taken."""

from dataclasses import fields
from datetime import date, datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.matching import Matcher
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Page,
    Promise,
    ShipmentReport,
)
from storage import set_aside
from storage.set_aside import BadInput

LONGEST_SHOWN = 60  # characters of each value, of what is set aside

Report = ShipmentReport | CheckpointReport | MeasurementReport


class Intake:
    """One page on its way in."""

    def __init__(self, session: Session, source_key: str, book: Book, now: datetime) -> None:
        self.session = session
        self.source_key = source_key
        self.book = book
        self.now = now
        self.matcher = Matcher(book)
        self.bad: list[BadInput] = []
        self._taken: list[str] = []

    def take(self, place: str) -> None:
        """What is told there could be taken: was it set aside before, it is mended."""
        self._taken.append(place)

    def set_aside(self, place: str, reason: str, report: Report) -> None:
        self.bad.append(BadInput(place, reason, _excerpt(report)))

    def note_bad_input(self, page: Page) -> None:
        """Stores what was set aside, and forgets what was mended since."""
        self.bad.extend(BadInput(r.place, r.reason, r.excerpt) for r in page.rejected)
        still_bad = {entry.place for entry in self.bad}
        set_aside.record(self.session, self.source_key, self.bad, self.now)
        set_aside.mend(self.session, self.source_key, page.places_read, still_bad)
        set_aside.mend_taken(self.session, self.source_key, self._taken, still_bad)


def place_of_shipment(number: str) -> str:
    return f"shipment {number}"


def place_of_checkpoint(report: CheckpointReport) -> str:
    return f"checkpoint {report.tracking_number}:{report.occurred_at.isoformat()}"


def place_of_figure(report: MeasurementReport) -> str:
    return (
        f"measurement {report.partner} {report.metric} {report.period_start}..{report.period_end}"
    )


def _excerpt(report: Report) -> str:
    """What was told, but for places: they may be where a customer lives."""
    told = [
        f"{each.name}={_shown(value)[:LONGEST_SHOWN]}"
        for each in fields(report)
        if each.name not in ("origin", "destination", "location", "raw_text", "is_tracked")
        and (value := getattr(report, each.name)) is not None
    ]
    return " ".join(told)


def _shown(value: object) -> str:
    match value:
        case Promise():
            return value.by.isoformat()
        case date():  # datetimes too
            return value.isoformat()
    return str(value)
