"""What was said of the time of delivery, and when: every ETA with the time at which it was said.

Of several said at the same time the greatest stays, so no order of news makes a difference. A day
means its end where the shipment is delivered; when that place becomes known, the instants follow.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.merging import end_of_day
from bot.placing import Told
from storage.journeys import StoredEstimate

Said = tuple[datetime, datetime | date]
"""When it was said, and what."""


def said_by(told: Told) -> Iterator[Said]:
    """All of it that has a time."""
    for report in told.reports:
        if report.estimated is not None and report.as_of is not None:
            yield report.as_of, report.estimated
    yield from said_by_checkpoints(told)


def said_by_checkpoints(told: Told) -> Iterator[Said]:
    yield from told.estimated_days
    for checkpoint in told.checkpoints:
        if checkpoint.estimated_at is not None:
            yield checkpoint.occurred_at, checkpoint.estimated_at


def news(
    said: Iterable[Said], known: Sequence[StoredEstimate], zone: ZoneInfo
) -> list[StoredEstimate]:
    """What is to be written, oldest first. `zone`: where the shipment is delivered."""
    whole: dict[datetime, datetime | date] = {
        each.said_at: each.estimated_on or each.estimated_at for each in known
    }
    for said_at, estimated in said:
        other = whole.get(said_at)
        if other is None or estimated.isoformat() > other.isoformat():
            whole[said_at] = estimated
    rows = {_stored(said_at, estimated, zone) for said_at, estimated in whole.items()}
    return sorted(rows.difference(known), key=lambda row: row.said_at)


def _stored(said_at: datetime, estimated: datetime | date, zone: ZoneInfo) -> StoredEstimate:
    if isinstance(estimated, datetime):
        return StoredEstimate(said_at, estimated, None)
    return StoredEstimate(said_at, end_of_day(estimated, zone), estimated)
