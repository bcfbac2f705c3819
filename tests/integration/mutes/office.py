"""Late shipments while somebody has muted them, and what is owed to Slack about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from bot.book.models import Book
from bot.book.telling import GroupingEntry, QuietHoursEntry
from bot.mutes import on_request
from bot.mutes.ending import end_by_clock, tell_end
from bot.viewer import Viewer
from storage import due, mutes
from storage.due import ClaimedDue
from storage.tables import Alert, Case, Mute, OutboxMessage
from storage.vocabulary import AlertForm, CaseKind, CaseState, DueKind, OutboxMethod, Status
from tests.integration.cases.pipeline import HOUR, OLIVIA, OWNER, Pipeline, book_of, partner

MARCO = Viewer("U0MARCO", None, is_internal=True)
LEASE = timedelta(seconds=60)
AT_ONCE = GroupingEntry(wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0)
NIGHT = QuietHoursEntry.model_validate({"from": "19:00", "to": "07:00"})


def book_of_two(**more: object) -> Book:
    """Kestrel and Brightwater; only what is late is judged, and it never grows critical."""
    book = book_of(
        partner(),
        partner("brightwater"),
        promise_grace_minutes=0,
        promise_critical_after_hours=8_000,
        never_picked_up_after_working_hours="off",
        no_scan_after_working_hours="off",
    )
    return book.model_copy(update={"grouping": AT_ONCE, **more})


class Office(Pipeline):
    # -- what happens --------------------------------------------------------------

    def is_late(
        self, *numbers: str, of: str = "kestrel", to: str = "Lagos", priority: str | None = None
    ) -> None:
        """From Hamburg, and promised for an hour ago."""
        late = [self.order(each, promised=-HOUR, to=of, priority=priority) for each in numbers]
        self.hears(*(replace(each, origin="Hamburg", destination=to) for each in late))

    def arrives(self, *numbers: str, of: str = "kestrel") -> None:
        self.hears(
            *(self.order(number, to=of) for number in numbers),
            checkpoints=[self.scan(number, Status.DELIVERED, to=of) for number in numbers],
        )

    def mutes(self, words: str) -> Mute:
        """Marco types it after `/tallyman mute`."""
        said = self.tries_to_mute(words)
        assert "Muted until" in said, said
        with self.database.snapshot() as session:
            return max(mutes.list_active(session, None), key=lambda mute: mute.id or 0)

    def tries_to_mute(self, words: str) -> str:
        """Gives the answer."""
        with self.database.transaction() as session:
            return on_request.mute(session, self.book, MARCO, words, self.clock()).text

    def unmutes(self, mute: Mute) -> str:
        """Olivia clicks; the channel is not told yet. Gives the answer."""
        with self.database.transaction() as session:
            return on_request.end(session, self.book, OLIVIA, mute.id or 0, self.clock()).text

    def claims_ends(self, owner: str = OWNER) -> list[ClaimedDue]:
        with self.database.transaction() as session:
            return due.claim(session, DueKind.END_MUTE, self.clock(), owner, LEASE, 10)

    def ends(self, claimed: ClaimedDue) -> None:
        with self.database.transaction() as session:
            end_by_clock(session, int(claimed.subject), self.clock())

    def tells(self, claimed: ClaimedDue) -> None:
        with self.database.transaction() as session:
            tell_end(session, claimed, self.book, self.clock())
        self.tick()

    def ends_what_is_due(self, owner: str = OWNER) -> int:
        """As the job does; returns how many there were."""
        claimed = self.claims_ends(owner)
        for one in claimed:
            self.ends(one)
            self.tells(one)
        return len(claimed)

    def later(self, step: timedelta) -> None:
        self.passes(step)
        self.ends_what_is_due()

    def until(self, instant: datetime) -> None:
        self.pass_until(instant)
        self.ends_what_is_due()

    # -- what became of it -----------------------------------------------------------

    def case_of(self, number: str) -> Case:
        shipment_id = self.shipment(number).id
        (found,) = (
            case for case in self.cases(CaseKind.PROMISE_PASSED) if case.shipment_id == shipment_id
        )
        return found

    def unsaid(self) -> list[Case]:
        """Open, and in no message."""
        return [c for c in self.cases() if c.alert_id is None and c.state != CaseState.RESOLVED]

    def owed(self, method: OutboxMethod, channel: str = "C0KESTREL") -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            rows = session.scalars(
                select(OutboxMessage)
                .where(col(OutboxMessage.method) == method, col(OutboxMessage.channel) == channel)
                .order_by(col(OutboxMessage.id))
            )
            return list(rows)

    def posts(self, channel: str = "C0KESTREL") -> list[str]:
        """All that was posted there, notices of mutes left out."""
        notices = {alert.id for alert in self.alerts(AlertForm.NOTICE)}
        return [
            str(each.payload)
            for each in self.owed(OutboxMethod.POST, channel)
            if each.alert_id not in notices
        ]

    def replies_in(self, channel: str) -> list[OutboxMessage]:
        return self.owed(OutboxMethod.REPLY, channel)

    def ends_said(self, channel: str = "C0KESTREL") -> list[str]:
        replies = [str(each.payload["text"]) for each in self.replies_in(channel)]
        return [reply for reply in replies if "The mute of" in reply]

    def alerts(self, form: AlertForm) -> Sequence[Alert]:
        with self.database.snapshot() as session:
            return list(session.scalars(select(Alert).where(col(Alert.form) == form)))
