"""The way from news to the words that cases owe, run by hand on a clock: no sources, no Slack."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from bot.alerts.planning import plan
from bot.alerts.speaking import SAID_AT_ONCE, say
from bot.app import prepare
from bot.book.models import Book, FolderEntry, PartnerEntry, ScopedThresholdsEntry, SourceEntry
from bot.book.telling import GroupingEntry
from bot.cases.acting import open_escalation
from bot.cases.changes import CaseChange
from bot.clock import MovableClock
from bot.ingest import ingest
from bot.judging.catching_up import source_was_read
from bot.judging.feeds import judge_sources
from bot.judging.measured import judge_measured_terms
from bot.judging.policies import Policies
from bot.judging.returns import judge_returns_of_partners
from bot.judging.shipments import judge_shipments
from bot.judging.snoozes import wake_snoozed
from bot.judging.terms import judge_terms
from bot.sources.reports import (
    CheckpointReport,
    MeasurementReport,
    Page,
    Promise,
    ShipmentReport,
)
from bot.viewer import Viewer
from storage import alert_cases, cases, due, shipments, sources
from storage.database import Database
from storage.tables import Case, OutboxMessage, Shipment
from storage.vocabulary import (
    CaseKind,
    CaseState,
    DueKind,
    OutboxMethod,
    PartnerKind,
    PromiseBasis,
    Reason,
    Status,
)

START = datetime(2026, 6, 15, 8, tzinfo=UTC)  # a Monday
OWNER = "this test"
OLIVIA = Viewer("U0OLIVIA", None, is_internal=True)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEEDS: Mapping[DueKind, Callable[[Session, Book, Policies, datetime, str], None]] = {
    DueKind.JUDGE_SOURCE: judge_sources,
    DueKind.JUDGE_TERM: judge_terms,
    DueKind.JUDGE_MEASURED: judge_measured_terms,
    DueKind.JUDGE_RETURNS: judge_returns_of_partners,
}


def partner(key: str = "kestrel", zone: str = "Europe/Berlin", **more: object) -> PartnerEntry:
    return PartnerEntry.model_validate(
        {
            "key": key,
            "name": key.capitalize(),
            "kind": PartnerKind.CARRIER,
            "time_zone": zone,
            "channel": f"C0{key.upper()}",
            "account_manager": "U0ANNA",
            **more,
        }
    )


ORDERS = FolderEntry(key="orders", kind="folder", path=Path("orders"))


ONE_BY_ONE = GroupingEntry(
    wait_seconds=0, critical_wait_seconds=0, redraw_seconds=0, group_from_cases=1_000_000
)
"""Each case is told at once, in a message of its own."""


def book_of(
    *partners: PartnerEntry, sources: Sequence[SourceEntry] = (ORDERS,), **thresholds: object
) -> Book:
    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        partners=partners or (partner(),),
        sources=tuple(sources),
        grouping=ONE_BY_ONE,
        thresholds=ScopedThresholdsEntry.model_validate(thresholds),
    )


@dataclass(slots=True)
class Pipeline:
    database: Database
    book: Book
    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    feeds: Collection[DueKind] = ()
    """What is judged besides shipments."""
    silent: set[str] = field(default_factory=set)
    """Sources that do not answer; all others are read whenever something is done."""
    policies: Policies = field(init=False)

    def __post_init__(self) -> None:
        self.policies = Policies(self.book)
        with self.database.transaction() as session:
            prepare(session, self.book, self.clock)

    # -- news and time -----------------------------------------------------------

    def hears(
        self,
        *reports: ShipmentReport,
        checkpoints: Sequence[CheckpointReport] = (),
        measurements: Sequence[MeasurementReport] = (),
        source: str = "orders",
    ) -> None:
        page = Page(shipments=reports, checkpoints=checkpoints, measurements=measurements)
        with self.database.transaction() as session:
            ingest(session, page, source, self.book, self.clock())
        self.tick()

    def tick(self) -> None:
        """All that is due now."""
        self.read_sources()
        asked = (self.book, self.policies, self.clock(), OWNER)
        judged = 1
        while judged:
            with self.database.transaction() as session:
                judged = judge_shipments(session, *asked)
        for kind in self.feeds:
            with self.database.transaction() as session:
                FEEDS[kind](session, *asked)
        with self.database.transaction() as session:
            wake_snoozed(session, self.book, self.clock(), OWNER)
        self._say()

    def read_sources(self) -> None:
        with self.database.transaction() as session:
            for entry in self.book.sources:
                if entry.key not in self.silent:
                    _is_read(session, entry.key, self.clock())

    def pass_until(self, instant: datetime) -> None:
        """What comes due meanwhile is done at its own time."""
        while True:
            with self.database.snapshot() as session:
                planned = [
                    due.earliest(session, kind)
                    for kind in (
                        DueKind.JUDGE_SHIPMENT,
                        DueKind.WAKE_CASE,
                        DueKind.SAY_ALERT,
                        *self.feeds,
                    )
                ]
            at = min((each for each in planned if each is not None), default=None)
            if at is None or at > instant:
                break
            self.clock.now = max(at, self.clock.now)
            self.tick()
        self.clock.now = instant
        self.tick()

    def passes(self, step: timedelta) -> None:
        self.pass_until(self.clock() + step)

    # -- what is said of shipments -------------------------------------------------

    def order(
        self,
        number: str = "KP-1",
        *,
        promised: timedelta | None = None,
        to: str = "kestrel",
        status: Status | None = Status.IN_TRANSIT,
        priority: str | None = None,
    ) -> ShipmentReport:
        """Known now; promised for so long from now."""
        now = self.clock()
        return ShipmentReport(
            tracking_number=number,
            partner=to,
            status=status,
            announced_at=now,
            promise=None if promised is None else Promise(now + promised, PromiseBasis.ORDER),
            priority=priority,
            as_of=now,
        )

    def scan(
        self,
        number: str = "KP-1",
        status: Status = Status.IN_TRANSIT,
        *,
        to: str = "kestrel",
        reason: Reason | None = None,
        eta: timedelta | None = None,
    ) -> CheckpointReport:
        """Happened just now; the carrier expects it so long from now."""
        now = self.clock()
        return CheckpointReport(
            tracking_number=number,
            occurred_at=now,
            recorded_at=now,
            status=status,
            reason=reason,
            estimated_at=None if eta is None else now + eta,
            partner=to,
        )

    # -- what became of it -----------------------------------------------------------

    def do(self, deed: Callable[..., CaseChange], case: Case, *arguments: object) -> None:
        """What Olivia does to a case, and the words for it."""
        with self.database.transaction() as session:
            change = deed(session, case.id, OLIVIA, self.clock(), *arguments)
            plan(session, [change], self.book, self.clock())
        self._say()

    def asks_where_it_is(self, number: str = "KP-1") -> Case:
        """Olivia escalates a shipment of which no rule says anything."""
        shipment = self.shipment(number)
        with self.database.transaction() as session:
            change = open_escalation(
                session,
                f"shipment:{shipment.id}",
                shipment.partner_key,
                shipment.id,
                OLIVIA,
                self.clock(),
                "Where is it?",
            )
            plan(session, [change], self.book, self.clock())
        self._say()
        return self.case(CaseKind.ESCALATION)

    def _say(self) -> None:
        while True:
            with self.database.transaction() as session:
                claimed = due.claim(
                    session, DueKind.SAY_ALERT, self.clock(), OWNER, HOUR, SAID_AT_ONCE
                )
                say(session, self.book, claimed, self.clock())
            if not claimed:
                return

    def cases(self, kind: CaseKind | None = None) -> list[Case]:
        with self.database.snapshot() as session:
            found = session.scalars(select(Case).order_by(col(Case.id)))
            return [case for case in found if kind is None or case.kind == kind]

    def case(self, kind: CaseKind) -> Case:
        """The only one of that kind."""
        (found,) = self.cases(kind)
        return found

    def open_kinds(self) -> list[CaseKind]:
        open_ones = [case for case in self.cases() if case.state != CaseState.RESOLVED]
        return sorted(CaseKind(case.kind) for case in open_ones)

    def history(self, case: Case) -> list[tuple[str, str | None]]:
        """Each action, and its note."""
        with self.database.snapshot() as session:
            return [(event.action, event.note) for event in cases.history(session, _id(case))]

    def shown(self, case: Case) -> str:
        """The whole of its message, as it was last owed."""
        return str(self._payloads(case, {OutboxMethod.POST, OutboxMethod.EDIT})[-1])

    def said(self, case: Case) -> list[str]:
        """In its thread."""
        return [str(payload["text"]) for payload in self._payloads(case, {OutboxMethod.REPLY})]

    def _payloads(self, case: Case, methods: set[OutboxMethod]) -> list[dict[str, object]]:
        with self.database.snapshot() as session:
            return [
                message.payload
                for message in session.scalars(
                    select(OutboxMessage)
                    .where(col(OutboxMessage.alert_id) == case.alert_id)
                    .order_by(col(OutboxMessage.id))
                )
                if message.method in methods
            ]

    def shipment(self, number: str = "KP-1") -> Shipment:
        with self.database.snapshot() as session:
            return shipments.find(session, number, None)[0]

    def shipment_ids(self, number: str) -> set[int | None]:
        with self.database.snapshot() as session:
            return {shipment.id for shipment in shipments.find(session, number, None)}

    def without_words(self) -> list[str]:
        """Cases without an alert, and changes of cases that no message was owed for."""
        with self.database.snapshot() as session:
            return _without_words(session)


def _is_read(session: Session, source_key: str, now: datetime) -> None:
    health = sources.get(session, source_key)
    read_before = health.read_whole_at if health else None
    sources.record_success(session, source_key, now, brought_news=False)
    sources.record_read_whole(session, source_key, now)
    source_was_read(session, source_key, read_before, now)
    due.schedule(session, DueKind.JUDGE_SOURCE, source_key, now)


def _without_words(session: Session) -> list[str]:
    told = set(session.scalars(select(col(OutboxMessage.alert_id))))
    silent = []
    for case in session.scalars(select(Case)):
        told_in = [
            (alert, member)
            for alert in alert_cases.of_cases(session, [_id(case)]).get(_id(case), ())
            for member in alert_cases.members_of(session, [alert.id or 0])[alert.id or 0]
            if member.case.id == case.id
        ]
        if case.alert_id not in told or not told_in:
            silent.append(f"case {case.id} has no message")
        last = max(event.id or 0 for event in cases.history(session, _id(case)))
        silent.extend(
            f"alert {alert.id} does not tell event {last} of case {case.id}"
            for alert, member in told_in
            if member.told_event_id < last
        )
    return silent


def _id(case: Case) -> int:
    if case.id is None:
        raise ValueError("it is not stored")
    return case.id
