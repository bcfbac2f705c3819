"""A change and that it was begun are one: whatever happens to us, it is done once."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import anyio
import anyio.lowlevel
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlmodel import Session

from bot.alerts.delivery import Deliverer
from bot.alerts.pace import Pace
from bot.clock import MovableClock
from bot.desk import Desk
from handlers.acknowledging import KeptAck, acknowledging
from handlers.redelivery import KEPT_FOR, do_once
from storage import inbound, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.tables import Partner
from storage.vocabulary import PartnerKind
from tests.integration.cases.pipeline import book_of

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
CLICK: Mapping[str, object] = {"type": "block_actions", "trigger_id": "1.2.3"}


def _desk(database: Database, clock: MovableClock) -> Desk:
    book = book_of()
    deliverer = Deliverer(database, AsyncWebClient(), "C0OPS", clock, "this test", Pace())
    return Desk(database, book, clock, deliverer, team_id="T0OURS")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOW)


@pytest.fixture
def desk(database: Database, clock: MovableClock) -> Desk:
    return _desk(database, clock)


def _joins(session: Session, name: str) -> str:
    partners.sync_book(
        session, [*_all(session), BookPartner(name, name, PartnerKind.CARRIER, "C0NEW")]
    )
    return f"{name} has joined"


def _all(session: Session) -> list[BookPartner]:
    return [
        BookPartner(each.key, each.name, PartnerKind(each.kind), each.channel)
        for each in session.scalars(select(Partner))
    ]


def _dies(session: Session, name: str) -> str:
    _joins(session, name)
    raise ConnectionError("the database went away")


async def test_the_same_click_changes_something_once(desk: Desk) -> None:
    assert await do_once(desk, CLICK, _joins, "heron") == "heron has joined"
    assert await do_once(desk, CLICK, _joins, "kestrel") is None
    assert [each.key for each in await desk.database.read(_all)] == ["heron"]


async def test_what_died_meanwhile_is_done_when_it_is_handed_over_again(desk: Desk) -> None:
    with pytest.raises(ConnectionError):
        await do_once(desk, CLICK, _dies, "heron")
    assert await desk.database.read(_all) == []
    assert await do_once(desk, CLICK, _joins, "heron") == "heron has joined"


async def test_of_two_at_once_one_is_done(desk: Desk) -> None:
    said: list[str | None] = []

    async def come() -> None:
        said.append(await do_once(desk, CLICK, _joins, "heron"))

    async with anyio.create_task_group() as both:
        both.start_soon(come)
        both.start_soon(come)
    assert sorted(said, key=str) == [None, "heron has joined"]


async def test_it_is_known_for_a_day_and_then_forgotten(desk: Desk, clock: MovableClock) -> None:
    await do_once(desk, CLICK, _joins, "heron")
    clock.advance(timedelta(seconds=KEPT_FOR))
    await do_once(desk, {"trigger_id": "2"}, _joins, "kestrel")
    assert await desk.database.read(inbound.was_begun, "1.2.3")
    clock.advance(timedelta(seconds=1))
    await do_once(desk, {"trigger_id": "3"}, _joins, "siskin")
    assert not await desk.database.read(inbound.was_begun, "1.2.3")


# -- acknowledged once it is done ------------------------------------------------------


async def test_it_is_acknowledged_when_it_is_done_and_not_before() -> None:
    ack = KeptAck()
    async with acknowledging(ack):
        await anyio.lowlevel.checkpoint()
        assert ack.response is None
    assert ack.response is not None


async def test_what_fails_is_acknowledged_for_the_person_is_told() -> None:
    ack = KeptAck()
    with pytest.raises(sqlite3.OperationalError):
        async with acknowledging(ack):
            raise sqlite3.OperationalError("disk I/O error")
    assert ack.response is not None


async def test_what_is_cut_short_is_not_so_that_it_is_handed_over_again() -> None:
    ack = KeptAck()
    with anyio.move_on_after(0):
        async with acknowledging(ack):
            await anyio.sleep_forever()
    assert ack.response is None


async def test_slack_does_not_wait_for_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.acknowledging.PATIENCE", 0.0)
    ack = KeptAck()
    async with acknowledging(ack):
        with anyio.fail_after(10):
            while ack.response is None:
                await anyio.lowlevel.checkpoint()
