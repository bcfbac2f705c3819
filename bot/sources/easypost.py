"""EasyPost's trackers (docs.easypost.com/docs/trackers).

The list has no "updated since". So `pages` reads it newest first down to where an earlier reading
began, and what is under way is asked for again by `follow`.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
from pydantic import AwareDatetime, BaseModel, JsonValue, ValidationError

from bot.book.models import EasyPostEntry
from bot.clock import Clock
from bot.sources.easypost_trackers import Tracker, TrackerReports, read_trackers
from bot.sources.http import NotThere, Patience, ProviderApi
from bot.sources.lenient import excerpt
from bot.sources.reports import Page, Rejected
from bot.sources.source import SourceUnavailable, Tracked

PAGE_SIZE = 100  # the most that EasyPost gives
BATCH_SIZE = 100
OVERLAP = timedelta(minutes=10)
"""Read again below the newest that we have seen: some may have been filed a little late."""


class _Gap(BaseModel):
    """A stretch of the list that is still to be read, newest first."""

    before_id: str | None = None
    """The last one that was read above it; None is the top."""
    down_to: AwareDatetime | None = None
    """What was created before this has been read; None is the bottom."""


class _Cursor(BaseModel):
    newest: AwareDatetime | None = None
    """When the newest tracker that was ever listed was created."""
    backlog: list[_Gap] = []
    """What interrupted readings have left."""


class _TrackerList(BaseModel):
    trackers: list[JsonValue]
    has_more: bool = False


class EasyPost:
    def __init__(
        self, entry: EasyPostEntry, *, patience: Patience | None = None, clock: Clock | None = None
    ) -> None:
        self.key = entry.key
        self._promise = entry.promise
        self._api = ProviderApi(
            name="EasyPost",
            source_key=entry.key,
            url=str(entry.url),
            auth=httpx.BasicAuth(entry.api_key.get_secret_value(), ""),
            timeout_seconds=entry.timeout_seconds,
            patience=patience,
            clock=clock,
        )

    async def pages(self, cursor: dict[str, object] | None) -> AsyncIterator[Page]:
        position = _read_cursor(cursor)
        newest = position.newest
        gaps = [_Gap(down_to=newest and newest - OVERLAP), *position.backlog]
        resumed_at = {gap.before_id for gap in position.backlog}
        while gaps:
            gap = gaps[0]
            try:
                listed = await self._list(gap.before_id)
            except NotThere:
                if gap.before_id not in resumed_at:
                    raise
                # The tracker where we stopped is gone: read this stretch anew, from the top.
                resumed_at.discard(gap.before_id)
                gaps[0] = _Gap(down_to=gap.down_to)
                continue
            reports = read_trackers(listed.trackers, self._promise)
            newest = max((*filter(None, (newest,)), *_created(reports.trackers)), default=None)
            rest = self._rest(gap, listed, reports)
            gaps[:1] = [rest] if rest else []
            yield _page(reports, _Cursor(newest=newest, backlog=gaps).model_dump(mode="json"))

    async def follow(self, tracked: Sequence[Tracked]) -> AsyncIterator[Page]:
        for start in range(0, len(tracked), BATCH_SIZE):
            yield await self._present_state(tracked[start : start + BATCH_SIZE])

    async def probe(self) -> str:
        answer = await self._api.get("trackers", {"page_size": 1})
        reports = read_trackers(self._listed(answer).trackers, self._promise)
        newest = max(_created(reports.trackers), default=None)
        return (
            "EasyPost answers; it has no tracker yet"
            if newest is None
            else f"EasyPost answers; its newest tracker is of {newest:%Y-%m-%d %H:%M} UTC"
        )

    async def close(self) -> None:
        await self._api.close()

    async def _present_state(self, asked: Sequence[Tracked]) -> Page:
        numbers: list[JsonValue] = [*dict.fromkeys(one.tracking_number for one in asked)]
        answer = await self._api.query("trackers/batch", {"tracking_codes": numbers})
        found: dict[Tracked, JsonValue] = {}
        wanted = _Wanted(asked)
        for raw in self._listed(answer).trackers:
            found.update(dict.fromkeys(wanted.by(raw), raw))
        rejected: list[Rejected] = []
        for one in asked:
            if one in found:
                continue
            try:
                name = quote(one.reference or one.tracking_number, safe="")
                found[one] = await self._api.get(f"trackers/{name}")
            except NotThere:
                rejected.append(
                    Rejected(
                        place=one.tracking_number,
                        reason="EasyPost no longer knows this tracker (404): it may have been "
                        "deleted there; create it again, or resolve its case by hand",
                        excerpt=one.reference or one.tracking_number,
                    )
                )
        reports = read_trackers(list(found.values()), self._promise)
        reports.rejected += rejected
        return _page(reports, None)

    async def _list(self, before_id: str | None) -> _TrackerList:
        params: dict[str, str | int] = {"page_size": PAGE_SIZE}
        if before_id is not None:
            params["before_id"] = before_id
        return self._listed(await self._api.get("trackers", params))

    def _listed(self, answer: JsonValue) -> _TrackerList:
        try:
            return _TrackerList.model_validate(answer)
        except ValidationError as error:
            raise SourceUnavailable(
                f"EasyPost answered something that is no list of trackers "
                f"({excerpt(str(answer))}). It is asked again with the next poll; if it stays so, "
                f"check the url of source '{self.key}'."
            ) from error

    def _rest(self, gap: _Gap, listed: _TrackerList, reports: TrackerReports) -> _Gap | None:
        """What remains of the gap below this page."""
        if not listed.has_more:
            return None
        if gap.down_to and any(when < gap.down_to for when in _created(reports.trackers)):
            return None
        last_id = next(filter(None, map(_id, reversed(listed.trackers))), None)
        if last_id is None or last_id == gap.before_id:
            raise SourceUnavailable(
                "EasyPost says that there are more trackers but not after which one. What was "
                "read is kept, and it is asked again with the next poll."
            )
        return _Gap(before_id=last_id, down_to=gap.down_to)


def _read_cursor(cursor: dict[str, object] | None) -> _Cursor:
    try:
        return _Cursor.model_validate(cursor or {})
    except ValidationError:
        # Of another version: read everything again, which changes nothing that is known.
        return _Cursor()


def _page(reports: TrackerReports, cursor: dict[str, object] | None) -> Page:
    return Page(
        shipments=reports.shipments,
        checkpoints=reports.checkpoints,
        rejected=reports.rejected,
        # What was broken in these before and is not now, is mended.
        places_read=[tracker.tracking_code for tracker in reports.trackers],
        cursor=cursor,
    )


def _created(trackers: Sequence[Tracker]) -> list[datetime]:
    return [tracker.created_at for tracker in trackers if tracker.created_at is not None]


def _text(raw: JsonValue, name: str) -> str | None:
    value = raw.get(name) if isinstance(raw, dict) else None
    return value if isinstance(value, str) and value else None


def _id(raw: JsonValue) -> str | None:
    return _text(raw, "id")


class _Wanted:
    """Whom a tracker was asked for. Carriers recycle numbers: the id decides where we have one,
    else number and carrier."""

    def __init__(self, asked: Sequence[Tracked]) -> None:
        self._by_id = {one.reference: one for one in asked if one.reference is not None}
        self._by_number: dict[str, list[Tracked]] = {}
        for one in asked:
            if one.reference is None:
                self._by_number.setdefault(one.tracking_number, []).append(one)

    def by(self, raw: JsonValue) -> list[Tracked]:
        asked_by_id = self._by_id.get(_id(raw) or "")
        carrier = _text(raw, "carrier")
        by_number = self._by_number.get(_text(raw, "tracking_code") or "", ())
        return [
            *([asked_by_id] if asked_by_id is not None else []),
            *(one for one in by_number if one.carrier in (None, carrier)),
        ]
