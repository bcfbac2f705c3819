"""Made-up parcels on their way: ordered, scanned, delivered in time, told with a feed's noise."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from storage.vocabulary import CaseKind, Status

START = datetime(2025, 1, 6, tzinfo=UTC)
TOLD_TWICE = 0.03  # of all scans
TOLD_LATE = 0.02
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_PARTNERS = ("Northwind Parcel", "Halden Express", "Orbis Freight", "Brightline", "Kestrel Post")
_PLACES = tuple(f"{town} depot" for town in ("Arlo", "Benford", "Carrick", "Dunmore", "Elstow"))
_PROMISED_AFTER = 6  # working days, from the order


@dataclass(frozen=True, slots=True)
class Scan:
    at: datetime
    status: Status
    code: str = ""
    text: str = ""
    place: str = ""
    eta: datetime | None = None
    quantity: float | None = None
    known_at: datetime | None = None
    """None is at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was put into one shipment, and the moment from which it could be known."""

    tracking_number: str
    name: str
    kind: CaseKind
    knowable_at: datetime
    is_late: bool


@dataclass(slots=True)
class Parcel:
    tracking_number: str
    partner: str
    service: str
    ordered_at: datetime
    ship_by: datetime | None
    promised_at: datetime
    value: float
    quantity: float
    shipped_at: datetime | None = None
    is_return: bool = False
    scans: list[Scan] = field(default_factory=list)
    trouble: Trouble | None = None
    is_told_late: bool = False
    """A scan of it became known hours after it was made."""

    @property
    def is_late(self) -> bool:
        delivered = [scan.at for scan in self.scans if scan.status is Status.DELIVERED]
        return not delivered or min(delivered) > self.promised_at


def healthy(random: Random, number: int, days: int) -> Parcel:
    """Ordered in the morning, handed over within a day, scanned every day, there in time."""
    day = START + random.randrange(days) * DAY
    while day.weekday() > 4:
        day -= DAY
    ordered_at = day + timedelta(hours=8, minutes=random.randrange(120))
    parcel = Parcel(
        tracking_number=f"TM{number:09d}",
        partner=random.choice(_PARTNERS),
        service=random.choice(("standard", "standard", "express")),
        ordered_at=ordered_at,
        ship_by=working_days(day, 1) + timedelta(hours=17),
        promised_at=working_days(day, _PROMISED_AFTER) + timedelta(hours=18),
        value=round(random.uniform(15, 400), 2),
        quantity=float(random.randrange(1, 6)),
    )
    there = random.randrange(2, _PROMISED_AFTER - 1)
    start, end = random.sample(_PLACES, 2)
    parcel.scans = [
        Scan(ordered_at + minutes(random, 60, 240), Status.LABEL_CREATED, text="Label made"),
        Scan(
            working_days(day, 1) + minutes(random, 540, 960),
            Status.IN_TRANSIT,
            text="Picked up",
            place=start,
        ),
        *(
            [
                Scan(
                    working_days(day, 3) + minutes(random, 540, 660),
                    Status.IN_TRANSIT,
                    text="Arrived",
                    place=end,
                )
            ]
            if there >= 4
            else []
        ),
        Scan(
            working_days(day, there) + timedelta(hours=8, minutes=random.randrange(60)),
            Status.OUT_FOR_DELIVERY,
            text="Out for delivery",
            place=end,
        ),
        Scan(
            working_days(day, there) + minutes(random, 600, 1060),
            Status.DELIVERED,
            text="Delivered",
            place=end,
        ),
    ]
    return parcel


def make_noise(parcel: Parcel, random: Random) -> None:
    noisy: list[Scan] = []
    for scan in parcel.scans:
        known_at = scan.at + timedelta(minutes=random.randrange(2, 10))
        if random.random() < TOLD_LATE:
            known_at = scan.at + minutes(random, 120, 720)
            parcel.is_told_late = True
        told = Scan(
            scan.at,
            scan.status,
            scan.code,
            scan.text,
            scan.place,
            scan.eta,
            scan.quantity,
            known_at,
        )
        noisy.append(told)
        if random.random() < TOLD_TWICE:
            noisy.append(told)
    parcel.scans = noisy


def working_days(moment: datetime, days: int) -> datetime:
    """Midnight of so many weekdays later; 0 is that day itself."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    while days > 0:
        day += DAY
        days -= day.weekday() < 5
    return day


def minutes(random: Random, least: int, most: int) -> timedelta:
    return timedelta(minutes=random.randrange(least, most))
