"""What the book may say. Every model is frozen, refuses unknown fields, and names its units."""

import re
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import holidays
from pydantic import (
    Field,
    HttpUrl,
    SecretStr,
    create_model,
    field_validator,
    model_validator,
)

from bot.book.fields import (
    WORKING_WEEK,
    ChannelId,
    Entry,
    Hours,
    Key,
    LocalTime,
    Target,
    TimeZone,
    UserId,
    Weekday,
    nearest,
)
from bot.book.telling import (
    DigestEntry,
    GroupingEntry,
    QuietHoursEntry,
    RemindersEntry,
    RoutingEntry,
)
from bot.rules.catalogue import THRESHOLDS
from bot.rules.policy import CanBeOff, Threshold, ThresholdUnit
from storage.vocabulary import PartnerKind


class CalendarEntry(Entry):
    """When a partner works, in its own zone."""

    country: str | None = Field(
        default=None, description="a country's ISO code such as DE, whose public holidays count"
    )
    subdivision: str | None = Field(
        default=None, description="the code of a state or province, for its holidays"
    )
    working_days: tuple[Weekday, ...] = Field(
        default=WORKING_WEEK, min_length=1, description="days such as [mon, tue, wed, thu, fri]"
    )
    opens: LocalTime = Field(default=time(8), description="a time such as 08:00")
    closes: LocalTime = Field(
        default=time(18), description="a time such as 18:00; 00:00 is the end of the day"
    )
    cut_off: LocalTime | None = Field(default=None, description="a time such as 14:00")
    """What is ordered before it on a working day is dispatched the same day."""
    closed_on: tuple[date, ...] = Field(default=(), description="dates such as 2026-12-24")
    open_on: tuple[date, ...] = Field(default=(), description="dates such as 2026-12-24")

    @field_validator("country")
    @classmethod
    def _is_a_country(cls, code: str | None) -> str | None:
        if code is not None and code not in _subdivisions():
            meant = nearest(code.upper(), _subdivisions())
            raise ValueError(
                f"no holidays are known for country {code!r}: use its ISO code such as DE"
                + (f". Did you mean {meant}?" if meant else "")
            )
        return code

    @model_validator(mode="after")
    def _agrees(self) -> "CalendarEntry":
        if self.closes != time(0) and self.opens >= self.closes:
            raise ValueError(
                f"closes at {self.closes:%H:%M}, which is not after opening at {self.opens:%H:%M}"
            )
        if self.cut_off is not None and time(0) != self.closes < self.cut_off:
            raise ValueError(
                f"cut_off at {self.cut_off:%H:%M} is after closing at {self.closes:%H:%M}: "
                "nobody is there any more to dispatch it the same day"
            )
        both = sorted(set(self.closed_on) & set(self.open_on))
        if both:
            raise ValueError(f"{both[0]} is in closed_on and in open_on: leave it in one of them")
        if self.subdivision is not None:
            self._knows_subdivision(self.subdivision)
        return self

    def _knows_subdivision(self, subdivision: str) -> None:
        if self.country is None:
            raise ValueError(f"subdivision {subdivision!r} has no country: add `country`")
        known = _subdivisions().get(self.country, ())
        if subdivision not in known:
            raise ValueError(
                f"country {self.country} has no subdivision {subdivision!r}: "
                + (f"use one of {', '.join(known)}" if known else "leave it out")
            )


class TermEntry(Entry):
    """One thing that the contract promises, measured over a window."""

    metric: Key
    target: Target
    window: Literal["calendar_month"] = "calendar_month"
    minimum_sample: int = Field(
        default=1, ge=1, description="a whole number from 1 on: below it, too few to judge"
    )
    settle_hours: Hours = Field(
        default=24, description="hours after the window's end, for late news to arrive"
    )
    effective_from: date | None = Field(default=None, description="a date such as 2026-01-31")
    effective_to: date | None = Field(default=None, description="a date such as 2026-12-31")

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "TermEntry":
        start, end = self.effective_from, self.effective_to
        if start is not None and end is not None and end < start:
            raise ValueError(f"effective_to {end} is before effective_from {start}")
        return self


class ContractEntry(Entry):
    terms: tuple[TermEntry, ...] = ()


def _field_of(threshold: Threshold) -> tuple[object, object]:
    step = 1 if threshold.unit is ThresholdUnit.ATTEMPTS else None
    bounded = Annotated[float, Field(ge=threshold.minimum, le=threshold.maximum, multiple_of=step)]
    expected = f"{threshold.unit}, from {threshold.minimum:g} to {threshold.maximum:g}"
    match threshold.can_be_off:
        case CanBeOff.YES:
            allowed: object = bounded | Literal["off"] | None
            expected = f"{expected}, or off"
        case CanBeOff.NO:
            allowed = bounded | None
    return allowed, Field(default=None, description=expected)


if TYPE_CHECKING:

    class ThresholdsEntry(Entry):
        """What is left out is taken from the next wider entry; `off` switches a rule off.

        Its fields are the thresholds that the rules declare.
        """

else:
    ThresholdsEntry = create_model(
        "ThresholdsEntry",
        __base__=Entry,
        __module__=__name__,
        **{threshold.name: _field_of(threshold) for threshold in THRESHOLDS},
    )


class ScopedThresholdsEntry(ThresholdsEntry):
    """Thresholds, and those of single services, named as the source names them."""

    services: dict[str, ThresholdsEntry] = Field(default_factory=dict)


class PartnerEntry(Entry):
    key: Key
    name: str = Field(min_length=1, max_length=80, description="a name of 1 to 80 characters")
    kind: PartnerKind
    time_zone: TimeZone
    calendar: CalendarEntry = CalendarEntry()
    channel: ChannelId
    account_manager: UserId
    aliases: tuple[str, ...] = ()
    contract: ContractEntry = ContractEntry()
    thresholds: ScopedThresholdsEntry = ScopedThresholdsEntry()
    quiet_hours: QuietHoursEntry | Literal["off"] | None = Field(
        default=None, description="from and to, or off; left out, they are the book's"
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class _SourceEntry(Entry):
    key: Key
    poll_every_minutes: float = Field(default=15, gt=0, description="minutes, more than 0")


class EasyPostEntry(_SourceEntry):
    kind: Literal["easypost"]
    url: HttpUrl = Field(
        default=HttpUrl("https://api.easypost.com/v2"),
        description="an address such as https://api.easypost.com/v2",
    )
    api_key: SecretStr = Field(
        min_length=1, description="${NAME} of the environment variable that holds it"
    )
    follow_every_minutes: float = Field(
        default=60,
        gt=0,
        description="minutes, more than 0, between asking for one shipment under way",
    )
    promise: Literal["guarantee", "first_estimate", "none"] = Field(
        default="guarantee", description="which of the carrier's dates counts as the promise"
    )
    timeout_seconds: float = Field(default=20, gt=0, description="seconds, more than 0")


class FolderEntry(_SourceEntry):
    kind: Literal["folder"]
    path: Path = Field(description="a folder; a relative one is looked for beside the book")
    time_zone: TimeZone = Field(
        default="UTC", description="an IANA time zone: of times in the files without an offset"
    )


SourceEntry = Annotated[EasyPostEntry | FolderEntry, Field(discriminator="kind")]


class MatchEntry(Entry):
    """Everything that is given must hold; the first entry that holds decides."""

    partner: Key
    source: Key | None = None
    carrier: str | None = Field(default=None, description="its name, whatever the case")
    service: str | None = Field(default=None, description="its name, whatever the case")
    tracking_number: str | None = Field(
        default=None, description="a regular expression that the whole number matches"
    )

    @field_validator("tracking_number")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value


class Book(Entry):
    """Partners, contracts, sources and policies: everything that is no secret."""

    ops_channel: ChannelId
    fallback_channel: ChannelId
    time_zone: TimeZone = "UTC"
    """Of what concerns no single partner: the ops channel, and its digest."""
    company: str | None = Field(
        None, min_length=1, max_length=80, description="a name of 1 to 80 characters"
    )
    """What partners call whoever runs Tallyman: a message that both sides read says who acts."""
    calendar: CalendarEntry = CalendarEntry()
    grouping: GroupingEntry = GroupingEntry()
    quiet_hours: QuietHoursEntry | None = None
    reminders: RemindersEntry = RemindersEntry()
    digests: tuple[DigestEntry, ...] = ()
    routing: RoutingEntry = RoutingEntry()
    partners: tuple[PartnerEntry, ...] = Field(min_length=1)
    sources: tuple[SourceEntry, ...] = Field(min_length=1)
    matching: tuple[MatchEntry, ...] = ()
    thresholds: ScopedThresholdsEntry = ScopedThresholdsEntry()


@lru_cache(maxsize=1)
def _subdivisions() -> Mapping[str, tuple[str, ...]]:
    """By the code of each country whose holidays are known."""
    return {
        code: tuple(subdivisions)
        for code, subdivisions in holidays.list_supported_countries(include_aliases=False).items()
    }
