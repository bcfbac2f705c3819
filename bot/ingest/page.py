"""One page of a source, within one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.book.models import Book
from bot.ingest.figures import take_figures
from bot.ingest.intake import Intake
from bot.ingest.journeys import take_journeys
from bot.sources.reports import Page


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a page brought that was not known before."""

    new_shipments: int
    changed_shipments: int
    new_checkpoints: int
    new_measurements: int
    """New or corrected."""
    set_aside: int

    @property
    def is_news(self) -> bool:
        return bool(
            self.new_shipments
            or self.changed_shipments
            or self.new_checkpoints
            or self.new_measurements
        )


def ingest(session: Session, page: Page, source_key: str, book: Book, now: datetime) -> Ingested:
    """Takes in a page within the caller's transaction. The cursor and health are the caller's."""
    intake = Intake(session, source_key, book, now)
    journeys = take_journeys(intake, page)
    new_measurements = take_figures(intake, page.measurements)
    intake.note_bad_input(page)
    return Ingested(
        new_shipments=journeys.new_shipments,
        changed_shipments=journeys.changed_shipments,
        new_checkpoints=journeys.new_checkpoints,
        new_measurements=new_measurements,
        set_aside=len(intake.bad),
    )
