"""Times as sources write them, made aware and believable."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

EARLIEST_YEAR = 1990
LATEST_YEAR = 2100

MIDNIGHT = time(0)
NOON = time(12)
END_OF_DAY = time(23, 59, 59, fold=1)  # the later one, where the clocks show it twice


def believable(moment: date) -> date:
    """The same moment. ValueError for a year that no shipment of ours can have."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return moment


def parse_moment(text: str, zone: ZoneInfo) -> datetime | date:
    """A date, or an aware UTC instant; a time without offset is local to `zone`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        believable(day)
        return day
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            "not a date like 2026-03-31 or a time like 2026-03-31T14:05+02:00"
        ) from None
    believable(instant)
    instant = aware(instant, zone)
    believable(instant)  # elsewhere it may be another year
    return instant


def split(moment: datetime | date | None) -> tuple[datetime | None, date | None]:
    """The instant, or the day that has no time."""
    if moment is None or isinstance(moment, datetime):
        return moment, None
    return None, moment


def aware(instant: datetime, zone: ZoneInfo) -> datetime:
    """In UTC; without an offset it is taken as local to `zone`."""
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    return instant.astimezone(UTC)


def at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """That hour of that day in the zone, as UTC."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
