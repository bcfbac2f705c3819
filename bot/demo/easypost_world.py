"""The world's shipments as EasyPost's trackers."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from bot.clock import Clock
from bot.demo.easypost_server import Listing, Tracker
from bot.demo.world import Consignment, World


class WorldTrackers:
    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock

    def newest(self, page_size: int, before_id: str | None) -> Listing:
        now = self._clock()
        if before_id is None:
            older = self._world.known(now)
        else:
            older = self._world.older_than(before_id, now)
        page = older[-page_size:][::-1]
        return Listing([_tracker(one, now) for one in page], has_more=len(older) > page_size)

    def by_id(self, tracker_id: str) -> Tracker:
        now = self._clock()
        return _tracker(self._world.by_id(tracker_id, now), now)

    def by_codes(self, tracking_codes: Sequence[str]) -> list[Tracker]:
        now = self._clock()
        found = (self._world.by_number(code, now) for code in tracking_codes)
        return [_tracker(one, now) for one in found if one is not None]


def _tracker(one: Consignment, now: datetime) -> Tracker:
    # No scan is invented: the history knows when it was ordered and when it arrived.
    is_delivered = one.is_delivered(now)
    return {
        "id": one.tracker_id,
        "object": "Tracker",
        "mode": "test",
        "tracking_code": one.tracking_number,
        "status": "delivered" if is_delivered else "pre_transit",
        "status_detail": "arrived_at_destination" if is_delivered else "label_created",
        "created_at": _stamp(one.announced_at),
        "updated_at": _stamp(one.changed_at(now)),
        "est_delivery_date": None,
        "carrier": one.delivery.vendor,
        "tracking_details": [_delivered(one)] if is_delivered else [],
        "carrier_detail": {
            "object": "CarrierDetail",
            "service": one.delivery.mode or None,
            "origin_location": None,
            "destination_location": one.delivery.country,
            "guaranteed_delivery_date": None,
            "est_delivery_date_local": None,
            "est_delivery_time_local": None,
        },
    }


def _delivered(one: Consignment) -> JsonValue:
    return {
        "object": "TrackingDetail",
        "message": "Delivered to client",
        "status": "delivered",
        "status_detail": "arrived_at_destination",
        "datetime": _stamp(one.delivered_at),
        "source": one.delivery.vendor,
        "carrier_code": "",
        "tracking_location": {
            "object": "TrackingLocation",
            "city": None,
            "state": None,
            "country": one.delivery.country,
            "zip": None,
        },
    }


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
