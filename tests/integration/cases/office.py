"""An office where shipments from Hamburg are late, and what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from bot.book.models import Book
from bot.book.telling import GroupingEntry, QuietHoursEntry
from storage import alert_cases
from storage.tables import Alert, Case, OutboxMessage, Shipment
from storage.vocabulary import OutboxMethod, Status
from tests.integration.cases.pipeline import HOUR, Pipeline, book_of, partner

GROUPING = GroupingEntry(storm_from_cases=12, storm_from_messages=4)
NIGHT = QuietHoursEntry.model_validate({"from": "19:00", "to": "07:00"})
SECOND = timedelta(seconds=1)
A_WAIT = timedelta(seconds=GROUPING.wait_seconds)


def together(**more: object) -> Book:
    quick = book_of(
        partner(),
        partner("brightwater"),
        promise_grace_minutes=0,
        never_picked_up_after_working_hours="off",
        no_scan_after_working_hours="off",
    )
    return quick.model_copy(update={"grouping": GROUPING, **more})


class Office(Pipeline):
    """Late shipments from Hamburg, and what is said of them."""

    def is_late(self, *numbers: str, to: str = "Lagos", **more: str) -> None:
        self.hears(
            *(
                replace(
                    self.order(number, promised=-HOUR),
                    origin="Hamburg",
                    destination=to,
                    **more,  # type: ignore[arg-type]
                )
                for number in numbers
            )
        )

    def arrives(self, *numbers: str) -> None:
        self.hears(
            *(self.order(number) for number in numbers),
            checkpoints=[self.scan(number, Status.DELIVERED) for number in numbers],
        )

    def owed(self, *methods: OutboxMethod) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            rows = session.scalars(select(OutboxMessage).order_by(col(OutboxMessage.id)))
            return [row for row in rows if not methods or row.method in methods]

    def posts(self, channel: str = "C0KESTREL") -> list[str]:
        """What was posted there, as it stands now."""
        posted = [each for each in self.owed(OutboxMethod.POST) if each.channel == channel]
        return [self._as_it_stands(each) for each in posted]

    def _as_it_stands(self, post: OutboxMessage) -> str:
        edits = [e for e in self.owed(OutboxMethod.EDIT) if e.alert_id == post.alert_id]
        return str((edits or [post])[-1].payload)

    def shown_of(self, alert: Alert) -> str:
        """Its message as it stands now."""
        return self._as_it_stands(
            next(each for each in self.owed(OutboxMethod.POST) if each.alert_id == alert.id)
        )

    def number_of(self, case: Case) -> str:
        with self.database.snapshot() as session:
            shipment = session.get(Shipment, case.shipment_id)
            return shipment.tracking_number if shipment else ""

    def replies(self) -> list[str]:
        return [str(each.payload["text"]) for each in self.owed(OutboxMethod.REPLY)]

    def alerts(self) -> list[Alert]:
        with self.database.snapshot() as session:
            return list(session.scalars(select(Alert).order_by(col(Alert.id))))

    def members(self, alert: Alert) -> Sequence[Case]:
        with self.database.snapshot() as session:
            return alert_cases.cases_of(session, [alert.id or 0]).get(alert.id or 0, ())

    def delivers(self) -> None:
        """As if Slack had taken all that is owed: what follows is an edit of its own."""
        with self.database.transaction() as session:
            for row in session.scalars(select(OutboxMessage)):
                row.state = "sent"
            for alert in session.scalars(select(Alert).where(col(Alert.said_at).is_not(None))):
                alert.message_ts = alert.message_ts or f"1.{alert.id}"
