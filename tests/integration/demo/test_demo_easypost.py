"""The bot's real client reads the replayed world, and the demo's book names both."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.book.loading import load_book
from bot.book.models import EasyPostEntry
from bot.clock import MovableClock
from bot.demo.book import API_KEY_NAME, HISTORY_SINCE, START, Seat, demo_book
from bot.demo.easypost_server import EasyPostStandIn
from bot.demo.easypost_world import WorldTrackers
from bot.demo.history import load
from bot.demo.partners import HISTORY_NAMES, PARTNERS
from bot.demo.world import World
from bot.sources.easypost import EasyPost
from bot.sources.reports import CheckpointReport, ShipmentReport
from bot.sources.source import Tracked
from storage.vocabulary import Status

WORLD = World(load(), HISTORY_NAMES, HISTORY_SINCE)
API_KEY = "demo-key"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
async def url(clock: MovableClock) -> AsyncIterator[str]:
    stand_in = EasyPostStandIn(WorldTrackers(WORLD, clock), API_KEY)
    yield await stand_in.start()
    await stand_in.stop()


@pytest.fixture
async def source(url: str, clock: MovableClock) -> AsyncIterator[EasyPost]:
    entry = EasyPostEntry.model_validate(
        {"key": "easypost", "kind": "easypost", "url": url, "api_key": API_KEY, "promise": "none"}
    )
    source = EasyPost(entry, clock=clock)
    yield source
    await source.close()


class Told:
    """What the source has said so far."""

    def __init__(self, source: EasyPost) -> None:
        self._source = source
        self._cursor: dict[str, object] | None = None
        self.shipments: dict[str, ShipmentReport] = {}
        self.checkpoints: dict[str, CheckpointReport] = {}

    async def poll(self) -> None:
        async for page in self._source.pages(self._cursor):
            assert list(page.rejected) == []
            self._cursor = page.cursor
            self.shipments |= {one.tracking_number: one for one in page.shipments}
            self.checkpoints |= {one.tracking_number: one for one in page.checkpoints}

    async def follow(self) -> None:
        under_way = [
            Tracked(one.tracking_number, one.reference, one.carrier)
            for one in self.shipments.values()
            if one.status is not Status.DELIVERED
        ]
        async for page in self._source.follow(under_way):
            assert list(page.rejected) == []
            self.shipments |= {one.tracking_number: one for one in page.shipments}
            self.checkpoints |= {one.tracking_number: one for one in page.checkpoints}


async def test_polling_through_weeks_tells_the_history(
    source: EasyPost, clock: MovableClock
) -> None:
    told = Told(source)
    for _ in range(20):
        await told.poll()
        await told.follow()
        clock.advance(timedelta(days=3))
    await told.poll()
    await told.follow()
    known = WORLD.known(clock())
    assert told.shipments.keys() == {one.tracking_number for one in known}
    delivered = {one.tracking_number: one for one in known if one.is_delivered(clock())}
    assert told.checkpoints.keys() == delivered.keys()
    for number, one in delivered.items():
        assert told.checkpoints[number].occurred_at == one.delivered_at
        assert told.shipments[number].status is Status.DELIVERED
    assert {one.carrier for one in told.shipments.values()} <= set(HISTORY_NAMES)
    assert {one.status for number, one in told.shipments.items() if number not in delivered} == {
        Status.LABEL_CREATED
    }


async def test_the_book_of_the_demo_holds(tmp_path: Path, url: str) -> None:
    seats = {one.key: Seat(f"C0{one.key.upper()}", "U0AMINA") for one in PARTNERS}
    text = demo_book(
        ops_channel="C0OPS",
        fallback_channel="C0FALLBACK",
        seats=seats,
        easypost_url=url,
        orders_path=tmp_path / "orders",
    )
    (tmp_path / "tallyman.yaml").write_text(text, encoding="utf-8")
    book = load_book(tmp_path / "tallyman.yaml", {API_KEY_NAME: API_KEY})
    assert [one.key for one in book.partners] == [
        "rdc",
        "orgenics",
        "aurobindo",
        "abbvie",
        "trinity",
        "mylan",
        "hetero",
        "cipla",
    ]
    assert [one.aliases for one in book.partners] == [(name,) for name in HISTORY_NAMES]
    assert API_KEY not in text
    assert datetime(2013, 9, 22, 6, tzinfo=UTC) == START


def test_a_partner_without_a_seat_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="rdc"):
        demo_book(
            ops_channel="C0OPS",
            fallback_channel="C0FALLBACK",
            seats={},
            easypost_url="http://127.0.0.1:1/v2",
            orders_path=tmp_path,
        )


async def test_the_stand_in_is_as_strict_as_the_real_one(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, auth=(API_KEY, "")) as client:
        assert len((await client.get("/trackers")).json()["trackers"]) == 20
        assert (await client.get("/trackers", params={"page_size": 101})).status_code == 422
        assert (await client.get("/trackers", params={"before_id": "trk_x"})).status_code == 404
        assert (await client.get("/trackers/trk_x")).status_code == 404
        too_many = {"tracking_codes": ["ASN-1"] * 101}
        assert (await client.post("/trackers/batch", json=too_many)).status_code == 422
        assert (await client.post("/trackers/batch", content=b"{")).status_code == 422
        for auth in (("", ""), ("another-key", "")):
            refused = await client.get("/trackers", auth=auth)
            assert refused.status_code == 401
            assert refused.json()["error"]["code"] == "APIKEY.INVALID"
