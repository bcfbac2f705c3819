"""Digests, from the rows to the outbox: said once a morning, and true."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.book.models import Book, ContractEntry, FolderEntry, PartnerEntry, TermEntry
from bot.book.telling import DigestEntry
from bot.clock import MovableClock
from bot.digests.saying import Digesting, schedule_digests
from storage import cases, due, mutes, outbox, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.tables import Case, Mute, OutboxMessage, Shipment
from storage.vocabulary import (
    CaseKind,
    CaseState,
    DueKind,
    OutboxMethod,
    PartnerKind,
    Severity,
    Status,
)

SUNDAY = datetime(2026, 6, 14, 12, tzinfo=UTC)
MONDAY_8 = datetime(2026, 6, 15, 6, tzinfo=UTC)  # in Berlin
DAY = timedelta(days=1)
KESTREL = DigestEntry(channel="C0KESTREL")
OPS = DigestEntry(channel="C0OPS")


def book_of(*digests: DigestEntry) -> Book:
    return Book(
        ops_channel="C0OPS",
        fallback_channel="C0OPS",
        time_zone="Europe/Berlin",
        digests=digests,
        partners=tuple(
            PartnerEntry(
                key=key,
                name=key.capitalize(),
                kind=PartnerKind.CARRIER,
                time_zone="Europe/Berlin",
                channel=f"C0{key.upper()}",
                account_manager="U0ANNA",
                contract=ContractEntry(terms=(TermEntry(metric="on_time_delivery", target=0.95),)),
            )
            for key in ("kestrel", "brightwater")
        ),
        sources=(FolderEntry(key="orders", kind="folder", path=Path("orders")),),
    )


@dataclass
class Desk:
    database: Database
    book: Book
    clock: MovableClock

    def __post_init__(self) -> None:
        self.starts()

    def starts(self) -> None:
        """As the assistant does, with its book."""
        with self.database.transaction() as session:
            partners.sync_book(
                session,
                [BookPartner(p.key, p.name, p.kind, p.channel) for p in self.book.partners],
            )
            schedule_digests(session, self.book, self.clock())

    async def at(self, instant: datetime, owner: str = "this test") -> list[OutboxMessage]:
        """What is said then."""
        self.clock.now = instant
        before = len(self.said())
        await Digesting(self.database, self.book, self.clock, owner).say_due()
        return self.said()[before:]

    async def only_text(self, instant: datetime) -> str:
        (message,) = await self.at(instant)
        return "\n".join(
            part["text"]
            for block in message.payload["blocks"]
            for part in ([block["text"]] if "text" in block else block["elements"])
        )

    def said(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return list(session.scalars(select(OutboxMessage).order_by(col(OutboxMessage.id))))

    def planned(self, entry: DigestEntry) -> datetime | None:
        with self.database.snapshot() as session:
            return due.due_at(session, DueKind.SAY_DIGEST, f"{entry.channel}:{entry.every}")

    def has(self, *rows: Case | Shipment | Mute) -> None:
        with self.database.transaction() as session:
            session.add_all(rows)


def case(subject: str, opened_at: datetime, **more: object) -> Case:
    given: dict[str, Any] = {
        "partner_key": "kestrel",
        "kind": CaseKind.PROMISE_PASSED,
        "subject": subject,
        "severity": Severity.WARNING,
        "state": CaseState.OPEN,
        "facts": {},
        "since": opened_at,
        "opened_at": opened_at,
        "changed_at": opened_at,
        "alert_id": 1,
    }
    return Case(**given | more)


def shipment(shipment_id: int, promised_on: date, **more: object) -> Shipment:
    given: dict[str, Any] = {
        "id": shipment_id,
        "partner_key": "kestrel",
        "tracking_number": f"KP-{shipment_id}",
        "source_key": "orders",
        "status": Status.IN_TRANSIT,
        "promised_on": promised_on,
        "promised_at": datetime.combine(promised_on, datetime.max.time(), UTC),
        "created_at": SUNDAY,
        "changed_at": SUNDAY,
    }
    return Shipment(**given | more)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, book_of(KESTREL), MovableClock(SUNDAY))


# -- when ------------------------------------------------------------------------


async def test_on_monday_morning_one_line_says_that_all_is_well(desk: Desk) -> None:
    assert await desk.at(MONDAY_8 - timedelta(seconds=1)) == []
    (said,) = await desk.at(MONDAY_8)
    assert (said.method, said.channel) == (OutboxMethod.POST, "C0KESTREL")
    assert said.key == "digest:C0KESTREL:day:2026-06-15"
    assert said.payload["text"] == (
        "All is well with Kestrel: nothing is open, and nothing came up since Fri 12 Jun 08:00."
    )
    assert desk.planned(KESTREL) == MONDAY_8 + DAY
    assert await desk.at(MONDAY_8 + timedelta(hours=1)) == []


async def test_two_processes_say_it_once(desk: Desk) -> None:
    said = await desk.at(MONDAY_8, "first") + await desk.at(MONDAY_8, "second")
    assert len(said) == 1


async def test_a_process_that_dies_over_it_leaves_it_to_another(desk: Desk) -> None:
    with desk.database.transaction() as session:
        due.claim(session, DueKind.SAY_DIGEST, MONDAY_8, "it dies", timedelta(minutes=5), 1)
    assert await desk.at(MONDAY_8 + timedelta(minutes=1)) == []
    assert len(await desk.at(MONDAY_8 + timedelta(minutes=6))) == 1


async def test_after_a_week_without_the_assistant_it_is_said_once_and_tells_of_the_week(
    desk: Desk,
) -> None:
    await desk.at(MONDAY_8)
    desk.has(
        case("shipment:1", MONDAY_8 + DAY, state=CaseState.RESOLVED, resolved_at=MONDAY_8 + DAY)
    )
    desk.clock.now = MONDAY_8 + 7 * DAY + timedelta(hours=2)
    desk.starts()
    shown = await desk.only_text(desk.clock.now)
    assert "Since Mon 15 Jun 08:00: 1 came up, 1 resolved." in shown
    assert desk.planned(KESTREL) == MONDAY_8 + 8 * DAY
    assert len(desk.said()) == 2


async def test_one_found_missing_at_night_waits_for_the_morning(desk: Desk) -> None:
    night = MONDAY_8 + DAY + timedelta(hours=18)
    desk.clock.now = night
    desk.starts()
    assert await desk.at(night) == []
    assert len(await desk.at(MONDAY_8 + 2 * DAY)) == 1


async def test_another_hour_in_the_book_holds_from_the_next_start_on(desk: Desk) -> None:
    assert desk.planned(KESTREL) == MONDAY_8
    at_nine = KESTREL.model_validate({**KESTREL.model_dump(), "at": "09:00"})
    desk.book = book_of(at_nine)
    desk.starts()
    assert desk.planned(KESTREL) == MONDAY_8 + timedelta(hours=1)


async def test_one_that_is_gone_from_the_book_is_not_said_any_more(desk: Desk) -> None:
    desk.book = book_of(OPS)
    desk.starts()
    (said,) = await desk.at(MONDAY_8)
    assert said.channel == "C0OPS"
    assert desk.planned(KESTREL) is None


async def test_a_renumbered_channel_gets_its_digest(desk: Desk) -> None:
    with desk.database.transaction() as session:
        partners.change_channel(session, "C0KESTREL", "C0NEW")
    (said,) = await desk.at(MONDAY_8)
    assert said.channel == "C0NEW"


# -- what ------------------------------------------------------------------------


async def test_it_counts_what_is_open_and_names_the_worst_of_its_partner_alone(desk: Desk) -> None:
    earlier = MONDAY_8 - 5 * DAY
    desk.has(
        case("shipment:1", earlier),
        case("shipment:2", earlier, severity=Severity.CRITICAL, state=CaseState.ACKNOWLEDGED),
        case("shipment:3", SUNDAY),
        case("shipment:4", earlier, state=CaseState.RESOLVED, resolved_at=SUNDAY),
        case("shipment:5", earlier, state=CaseState.RESOLVED, resolved_at=earlier),
        case("shipment:6", SUNDAY, partner_key="brightwater", severity=Severity.CRITICAL),
        case("source:orders", SUNDAY, partner_key=None, kind=CaseKind.SOURCE_FAILING),
    )
    shown = await desk.only_text(MONDAY_8)
    assert "*3 open:* 🔴 1 critical · 🟠 2 warning\n*Nobody has 2 of them.*" in shown
    assert "Since Fri 12 Jun 08:00: 1 came up, 1 resolved." in shown
    assert "🔴 T-2 · *5 days past its promise* · 👀 somebody has it · since" in shown
    assert shown.index("T-2 ") < shown.index("T-1 ") < shown.index("T-3 ")
    assert "Brightwater" not in shown
    assert "T-6" not in shown
    assert "orders" not in shown


async def test_what_a_mute_holds_back_is_counted_and_not_told(desk: Desk) -> None:
    desk.has(case("shipment:1", SUNDAY), case("shipment:2", SUNDAY, alert_id=None, muted_by=7))
    shown = await desk.only_text(MONDAY_8)
    assert "*1 open:* 🟠 1 warning · 🔕 1 more muted\n*Nobody has it.*" in shown
    assert "T-2" not in shown


async def test_what_should_arrive_today_and_has_an_open_case_is_named(desk: Desk) -> None:
    today = date(2026, 6, 15)
    desk.has(
        shipment(1, today),
        shipment(2, today),
        shipment(3, today, delivered_at=SUNDAY, status=Status.DELIVERED),
        shipment(4, today + DAY),
        shipment(5, today, partner_key="brightwater"),
    )
    desk.has(
        *(
            case(f"shipment:{number}", SUNDAY, shipment_id=number, kind=kind)
            for number, kind in (
                (1, CaseKind.NO_SCAN),
                (1, CaseKind.ON_HOLD),
                (4, CaseKind.NO_SCAN),
                (5, CaseKind.NO_SCAN),
            )
        )
    )
    shown = await desk.only_text(MONDAY_8)
    assert (
        "*Promised for today* 2 still under way, 1 of them with an open case: T-1 (KP-1)" in shown
    )


async def test_ops_sees_each_partner_and_what_is_wrong_with_the_assistant(
    database: Database,
) -> None:
    desk = Desk(database, book_of(OPS), MovableClock(SUNDAY))
    desk.has(
        case("shipment:1", SUNDAY, severity=Severity.CRITICAL),
        case("shipment:2", SUNDAY, partner_key="brightwater", state=CaseState.SNOOZED),
        case("source:orders", SUNDAY, partner_key=None, kind=CaseKind.SOURCE_FAILING),
        Mute(
            partner_key="kestrel",
            reason="strike",
            author="U0OLIVIA",
            created_at=SUNDAY,
            ends_at=MONDAY_8 + DAY,
        ),
    )
    with database.transaction() as session:
        _is_dead(session)
    shown = await desk.only_text(MONDAY_8)
    assert "*All partners · Mon 15 Jun · daily summary*" in shown
    assert "*3 open:* 🔴 1 critical · 🟠 2 warning\n*Nobody has 2 of them.*" in shown
    assert "*Kestrel*: 1 open, 🔴 1 critical, nobody has it, 1 came up, 0 resolved" in shown
    assert "*Brightwater*: 1 open, somebody has it, 1 came up, 0 resolved" in shown
    assert "*Tallyman itself*: 1 open" in shown
    assert "*Sources* 🔻 silent: orders" in shown
    assert "1 message could not be posted" in shown
    assert "*Mutes* 1 at present" in shown


def _is_dead(session: Session) -> None:
    message = outbox.put(
        session,
        key="alert:1",
        method=OutboxMethod.POST,
        channel="C0GONE",
        payload={"text": "x", "blocks": []},
        urgency=2,
        now=SUNDAY,
    )
    outbox.claim(session, SUNDAY, "somebody", timedelta(minutes=1), limits={OutboxMethod.POST: 1})
    assert outbox.mark_dead(session, message, "somebody", "is_archived")


async def test_a_weekly_one_sets_punctuality_against_the_contract(database: Database) -> None:
    weekly = DigestEntry(channel="C0OPS", every="week", on="mon", partners=("kestrel",))
    desk = Desk(database, book_of(weekly), MovableClock(SUNDAY))
    desk.has(
        *(
            shipment(
                number,
                date(2026, 6, 10),
                status=Status.DELIVERED,
                delivered_on=date(2026, 6, day),
                delivered_at=datetime(2026, 6, day, 9, tzinfo=UTC),
            )
            for number, day in enumerate((9, 10, 10, 12))
        )
    )
    shown = await desk.only_text(MONDAY_8)
    assert shown.splitlines()[0] == (
        "All is well with Kestrel: nothing is open, and nothing came up since Mon 8 Jun 08:00."
    )
    assert (
        "*Kestrel* 🔻 75% (3 of 4) in the last 7 days · 🔻 75% (3 of 4) this month · "
        "target at least 95%"
    ) in shown
    assert desk.planned(weekly) == MONDAY_8 + 7 * DAY


async def test_with_five_thousand_open_cases_it_is_one_message(desk: Desk) -> None:
    with desk.database.transaction() as session:
        cases.add_many(
            session,
            [case(f"shipment:{n}", SUNDAY - n * timedelta(minutes=1)) for n in range(5_000)],
        )
    shown = await desk.only_text(MONDAY_8)
    assert "5,000 open" in shown
    assert "… and 4,990 more: `@Tallyman exceptions` lists them." in shown


async def test_mutes_are_counted_while_they_hold(database: Database) -> None:
    desk = Desk(database, book_of(OPS), MovableClock(SUNDAY))
    with database.transaction() as session:
        mutes.add(
            session,
            Mute(
                kind=CaseKind.NO_SCAN,
                reason="flood",
                author="U0OLIVIA",
                created_at=SUNDAY,
                ends_at=SUNDAY + DAY,
                ended_at=SUNDAY,
            ),
        )
    assert (await desk.only_text(MONDAY_8)).startswith("All is well")
