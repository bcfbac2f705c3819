"""The client against EasyPost's stand-in, over HTTP, with everything that goes wrong there."""

import socket
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue, SecretStr

from bot.book.models import EasyPostEntry
from bot.clock import MovableClock
from bot.demo.easypost_server import (
    Answer,
    EasyPostStandIn,
    Fault,
    HangUp,
    Listing,
    Silence,
    Tracker,
)
from bot.sources.easypost import EasyPost
from bot.sources.http import LONGEST_WAIT, Patience
from bot.sources.registry import open_source
from bot.sources.reports import Page
from bot.sources.source import SourceError, SourceRefused, SourceUnavailable, Tracked
from storage.vocabulary import Status

API_KEY = "EZTK-not-a-real-key"
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 4, 1, tzinfo=UTC)
NO_WAITING = Patience(total_seconds=0.2, tries=3, first_wait_seconds=0.001)


class ListedTrackers:
    """Newest first, as EasyPost lists them; tests change them at will."""

    def __init__(self) -> None:
        self.all: list[Tracker] = []

    def add(self, number: str, **changes: JsonValue) -> None:
        created_at = f"{START + timedelta(hours=len(self.all)):%Y-%m-%dT%H:%M:%SZ}"
        tracker: Tracker = {
            "id": f"trk_{number}",
            "tracking_code": number,
            "status": "in_transit",
            "status_detail": "departed_facility",
            "created_at": created_at,
            "updated_at": created_at,
            "carrier": "Northwind Parcel",
            "tracking_details": [],
        }
        self.all.insert(0, {**tracker, **changes})

    def add_many(self, prefix: str, count: int) -> list[str]:
        numbers = [f"{prefix}{number}" for number in range(count)]
        for number in numbers:
            self.add(number)
        return numbers

    def newest(self, page_size: int, before_id: str | None) -> Listing:
        start = 0
        if before_id is not None:
            start = self.all.index(self.by_id(before_id)) + 1
        page = self.all[start : start + page_size]
        return Listing(page, has_more=len(self.all) > start + page_size)

    def by_id(self, tracker_id: str) -> Tracker:
        return {str(tracker["id"]): tracker for tracker in self.all}[tracker_id]

    def by_codes(self, tracking_codes: Sequence[str]) -> list[Tracker]:
        return [tracker for tracker in self.all if tracker["tracking_code"] in tracking_codes]


class Provider:
    """The stand-in, what it holds, and a client that speaks to it."""

    def __init__(self) -> None:
        self.trackers = ListedTrackers()
        self.stand_in = EasyPostStandIn(self.trackers, API_KEY)
        self.clock = MovableClock(NOW)
        self.cursor: dict[str, object] | None = None
        self.url = ""
        self._opened: list[EasyPost] = []

    async def start(self) -> None:
        self.url = await self.stand_in.start()
        self.client = self.open()

    def open(
        self,
        api_key: str = API_KEY,
        url: str | None = None,
        timeout_seconds: float = 5,
        patience: Patience = NO_WAITING,
    ) -> EasyPost:
        entry = EasyPostEntry.model_validate(
            {
                "key": "parcels",
                "kind": "easypost",
                "url": url or self.url,
                "api_key": SecretStr(api_key),
                "timeout_seconds": timeout_seconds,
            }
        )
        client = EasyPost(entry, patience=patience, clock=self.clock)
        self._opened.append(client)
        return client

    async def stop(self) -> None:
        for client in self._opened:
            await client.close()
        await self.stand_in.stop()

    def fail(self, *faults: Fault) -> None:
        self.stand_in.faults.extend(faults)

    async def poll(self, pages: int | None = None) -> list[str]:
        """The numbers that one reading brings, of so many pages if it is then interrupted."""
        numbers: list[str] = []
        reading = self.client.pages(self.cursor)
        async for page in reading:
            numbers += numbers_of(page)
            if page.cursor is not None:
                self.cursor = page.cursor
            if pages is not None:
                pages -= 1
                if pages == 0:
                    break
        return numbers

    async def follow(self, *tracked: Tracked) -> list[Page]:
        return [page async for page in self.client.follow(tracked)]

    def requests(self) -> list[tuple[str, str]]:
        asked = [(one.method, one.path) for one in self.stand_in.received]
        self.stand_in.received.clear()
        return asked


@pytest.fixture
async def easypost() -> AsyncIterator[Provider]:
    provider = Provider()
    await provider.start()
    yield provider
    await provider.stop()


def numbers_of(page: Page) -> list[str]:
    return [report.tracking_number for report in page.shipments]


def known(number: str, reference: str | None = None) -> Tracked:
    return Tracked(number, reference or f"trk_{number}", "Northwind Parcel")


async def fault_of(client: EasyPost) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await client.probe()
    return caught.value


async def test_the_first_reading_brings_everything_page_by_page(easypost: Provider) -> None:
    numbers = easypost.trackers.add_many("PX", 250)
    assert sorted(await easypost.poll()) == sorted(numbers)
    assert len(easypost.requests()) == 3


async def test_the_next_reading_stops_where_the_last_one_began(easypost: Provider) -> None:
    easypost.trackers.add_many("PX", 450)
    await easypost.poll()
    easypost.requests()
    easypost.trackers.add_many("NEW", 3)
    assert {"NEW0", "NEW1", "NEW2"} <= set(await easypost.poll())
    assert len(easypost.requests()) == 1


async def test_an_account_without_trackers_is_no_fault(easypost: Provider) -> None:
    assert await easypost.poll() == []
    easypost.trackers.add("PX1")
    assert await easypost.poll() == ["PX1"]


async def test_an_interrupted_first_reading_goes_on_where_it_stopped(easypost: Provider) -> None:
    numbers = easypost.trackers.add_many("PX", 450)
    first = await easypost.poll(pages=2)
    easypost.trackers.add_many("NEW", 150)
    second = await easypost.poll(pages=1)
    third = await easypost.poll()
    assert set(first + second + third) == {*numbers, *(f"NEW{n}" for n in range(150))}
    easypost.requests()
    await easypost.poll()
    assert len(easypost.requests()) == 1


async def test_a_list_that_grows_while_it_is_read_loses_and_doubles_nothing(
    easypost: Provider,
) -> None:
    numbers = easypost.trackers.add_many("PX", 250)
    brought: list[str] = []
    async for page in easypost.client.pages(None):
        brought += numbers_of(page)
        easypost.cursor = page.cursor
        easypost.trackers.add_many(f"NEW{len(brought)}-", 30)
    assert sorted(brought) == sorted(numbers)
    assert len([one for one in await easypost.poll() if one.startswith("NEW")]) == 90


async def test_where_the_place_to_go_on_has_vanished_the_stretch_is_read_anew(
    easypost: Provider,
) -> None:
    numbers = easypost.trackers.add_many("PX", 250)
    first = await easypost.poll(pages=1)
    easypost.trackers.all.remove(easypost.trackers.by_id(f"trk_{first[-1]}"))
    assert {*first, *await easypost.poll()} == set(numbers)


async def test_one_broken_tracker_does_not_cost_its_page(easypost: Provider) -> None:
    easypost.trackers.add("PX1")
    easypost.trackers.add("PX2", status=None)
    easypost.trackers.add("PX3")
    (page,) = [page async for page in easypost.client.pages(None)]
    assert numbers_of(page) == ["PX3", "PX1"]
    assert "PX2" in {rejected.place for rejected in page.rejected}


async def test_a_tracker_that_was_broken_and_is_not_now_counts_as_mended(
    easypost: Provider,
) -> None:
    easypost.trackers.add("PX1", est_delivery_date="soon")
    (page,) = await easypost.follow(known("PX1"))
    assert [rejected.place for rejected in page.rejected] == ["PX1:est_delivery_date"]
    easypost.trackers.all[0]["est_delivery_date"] = None
    (page,) = await easypost.follow(known("PX1"))
    assert (page.places_read, page.rejected) == (["PX1"], [])


async def test_what_is_under_way_is_asked_for_in_batches(easypost: Provider) -> None:
    numbers = easypost.trackers.add_many("PX", 230)
    for tracker in easypost.trackers.all:
        tracker["status"] = "delivered"
    pages = await easypost.follow(*map(known, numbers))
    assert sorted(number for page in pages for number in numbers_of(page)) == sorted(numbers)
    assert {report.status for page in pages for report in page.shipments} == {Status.DELIVERED}
    assert easypost.requests() == [("POST", "/v2/trackers/batch")] * 3


async def test_of_two_carriers_with_one_number_only_ours_is_taken(easypost: Provider) -> None:
    easypost.trackers.add("PX1")
    easypost.trackers.add("PX1", id="trk_stranger", carrier="Otherline", status="delivered")
    (page,) = await easypost.follow(known("PX1"))
    assert [report.reference for report in page.shipments] == ["trk_PX1"]
    (page,) = await easypost.follow(Tracked("PX1", None, "Otherline"))
    assert [report.reference for report in page.shipments] == ["trk_stranger"]


async def test_what_the_batch_does_not_bring_is_asked_for_alone(easypost: Provider) -> None:
    easypost.trackers.add("PX1")
    easypost.trackers.add("RENAMED", id="trk_PX2")
    (page,) = await easypost.follow(known("PX1"), known("PX2"), known("PX3"))
    assert numbers_of(page) == ["PX1", "RENAMED"]
    (rejected,) = page.rejected
    assert rejected.place == "PX3"
    assert "no longer knows this tracker (404)" in rejected.reason
    assert easypost.requests() == [
        ("POST", "/v2/trackers/batch"),
        ("GET", "/v2/trackers/trk_PX2"),
        ("GET", "/v2/trackers/trk_PX3"),
    ]


async def test_a_hostile_number_stays_one_part_of_the_path(easypost: Provider) -> None:
    (page,) = await easypost.follow(Tracked("../../admin?x=1", None, None))
    assert len(page.rejected) == 1
    assert easypost.requests()[1:] == [("GET", "/v2/trackers/../../admin?x=1")]


async def test_a_passing_fault_is_waited_out(easypost: Provider) -> None:
    easypost.trackers.add("PX1")
    easypost.fail(Answer(503), Answer(500))
    assert await easypost.poll() == ["PX1"]
    easypost.fail(Answer(429, headers={"Retry-After": "0"}), HangUp())
    assert numbers_of((await easypost.follow(known("PX1")))[0]) == ["PX1"]


async def test_a_fault_that_lasts_makes_the_source_unavailable(easypost: Provider) -> None:
    easypost.fail(*[Answer(502)] * 3)
    fault = await fault_of(easypost.client)
    assert isinstance(fault, SourceUnavailable)
    assert "fails on its own side (502)" in str(fault)
    assert fault.retry_at is None


async def test_more_waiting_than_we_have_patience_for_ends_at_once(easypost: Provider) -> None:
    easypost.fail(Answer(429, headers={"Retry-After": "120"}))
    fault = await fault_of(easypost.client)
    assert isinstance(fault, SourceUnavailable)
    assert fault.retry_at == NOW + timedelta(seconds=120)
    assert "slow down (429)" in str(fault)
    assert len(easypost.requests()) == 1


async def test_a_date_to_come_back_at_is_understood(easypost: Provider) -> None:
    easypost.fail(Answer(503, headers={"Retry-After": "Wed, 01 Jan 2098 00:00:00 GMT"}))
    fault = await fault_of(easypost.client)
    assert isinstance(fault, SourceUnavailable)
    assert fault.retry_at is not None
    assert fault.retry_at == NOW + LONGEST_WAIT


@pytest.mark.parametrize("wish", ["a while", "-5", "Wed, 21 Oct 99999999999 07:28:00 GMT"])
async def test_an_unreadable_wish_to_wait_is_ignored(easypost: Provider, wish: str) -> None:
    easypost.fail(*[Answer(429, headers={"Retry-After": wish})] * 3)
    fault = await fault_of(easypost.client)
    assert isinstance(fault, SourceUnavailable)
    assert fault.retry_at is None


async def test_a_wrong_key_is_refused_and_never_shown(easypost: Provider) -> None:
    fault = await fault_of(easypost.open(api_key="EZTK-wrong"))
    assert isinstance(fault, SourceRefused)
    assert "source 'parcels' (401). Set a valid one" in str(fault)
    assert "EZTK" not in f"{fault!r} {fault.__cause__!r}"
    assert len(easypost.requests()) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "may not read this"),
        (404, "Check the url"),
        (422, "did not accept our request .422: as asked for"),
        (302, "points elsewhere"),
    ],
)
async def test_what_a_person_must_mend_is_not_tried_again(
    easypost: Provider, status: int, said: str
) -> None:
    easypost.fail(Answer(status))
    with pytest.raises(SourceRefused, match=said):
        await easypost.client.probe()
    assert len(easypost.requests()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Bad gateway</html>",
        b"",
        b'{"trackers": [',
        b"[" * 100_000,
        b'{"trackers": null}',
        b'{"error": "try later"}',
        b"[]",
        b"\xff\xfe",
    ],
)
async def test_an_answer_that_is_no_list_of_trackers(easypost: Provider, body: bytes) -> None:
    easypost.fail(Answer(200, body))
    with pytest.raises(SourceUnavailable, match="check"):
        await easypost.poll()
    assert easypost.cursor is None


async def test_a_list_that_never_ends_is_left(easypost: Provider) -> None:
    endless = b'{"trackers": [{"id": "trk_1"}], "has_more": true}'
    easypost.fail(Answer(200, endless), Answer(200, endless))
    with pytest.raises(SourceUnavailable, match="not after which one"):
        await easypost.poll()


async def test_silence_is_a_time_out(easypost: Provider) -> None:
    easypost.fail(Silence())
    patience = Patience(total_seconds=0.1, tries=1)
    fault = await fault_of(easypost.open(timeout_seconds=0.05, patience=patience))
    assert isinstance(fault, SourceUnavailable)
    assert "No answer from EasyPost at 127.0.0.1" in str(fault)


async def test_a_connection_that_is_hung_up(easypost: Provider) -> None:
    # More than we try: beneath us, one on a kept connection is tried again unasked.
    easypost.fail(*[HangUp()] * 6)
    assert "No answer from EasyPost" in str(await fault_of(easypost.client))


async def test_nobody_listening(easypost: Provider) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v2"
        fault = await fault_of(easypost.open(url=url))
    assert isinstance(fault, SourceUnavailable)
    assert "check the network and the url of source 'parcels'" in str(fault)


async def test_what_was_read_before_a_fault_stays(easypost: Provider) -> None:
    numbers = easypost.trackers.add_many("PX", 250)
    brought: list[str] = []
    pages = easypost.client.pages(None)
    page = await anext(pages)
    brought += numbers_of(page)
    easypost.cursor = page.cursor
    easypost.fail(*[Answer(500)] * 3)
    with pytest.raises(SourceUnavailable):
        await anext(pages)
    assert sorted({*brought, *await easypost.poll()}) == sorted(numbers)


async def test_the_check_says_what_answered(easypost: Provider) -> None:
    assert await easypost.client.probe() == "EasyPost answers; it has no tracker yet"
    easypost.trackers.add("PX1")
    assert "its newest tracker is of 2026-03-01 00:00 UTC" in await easypost.client.probe()


async def test_a_cursor_of_another_version_means_reading_all_again(easypost: Provider) -> None:
    easypost.trackers.add("PX1")
    easypost.cursor = {"newest": "long ago"}
    assert await easypost.poll() == ["PX1"]


async def test_the_book_opens_it(easypost: Provider) -> None:
    entry = EasyPostEntry.model_validate(
        {"key": "parcels", "kind": "easypost", "url": easypost.url, "api_key": API_KEY}
    )
    source = open_source(entry)
    assert await source.probe() == "EasyPost answers; it has no tracker yet"
    await source.close()
