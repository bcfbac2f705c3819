"""What the book may say. Every model is frozen, refuses unknown fields, and names its units."""

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator

from storage.vocabulary import PartnerKind

Key = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        max_length=40,
        description="short name: small letters, digits, - and _",
    ),
]
ChannelId = Annotated[
    str,
    Field(
        pattern=r"^[CG][A-Z0-9]{2,}$",
        description="a channel's id, as at the bottom of its details in Slack: C0123ABCD",
    ),
]
UserId = Annotated[
    str,
    Field(pattern=r"^[UW][A-Z0-9]{2,}$", description="a person's member id in Slack: U0123ABCD"),
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[float, Field(gt=0)]
Minutes = Annotated[float, Field(ge=0)]

WORKING_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalendarEntry(_Entry):
    """When a partner works, in its own zone."""

    country: str | None = Field(default=None, description="ISO code whose public holidays count")
    subdivision: str | None = Field(default=None, description="state or province, for holidays")
    working_days: tuple[Weekday, ...] = WORKING_WEEK
    opens: time = time(8)
    closes: time = time(18)
    closed_on: tuple[date, ...] = ()
    open_on: tuple[date, ...] = ()


class TermEntry(_Entry):
    """One thing that the contract promises, measured over a window."""

    metric: Key
    target: float
    window: Literal["calendar_month"] = "calendar_month"
    minimum_sample: int = Field(default=1, ge=1, description="below it, too few to judge")
    settle_hours: Hours = Field(
        default=24, description="after the window's end, for late news to arrive before judging"
    )
    effective_from: date | None = None
    effective_to: date | None = None


class ContractEntry(_Entry):
    terms: tuple[TermEntry, ...] = ()


class ThresholdsEntry(_Entry):
    """What is left out is taken from the next wider entry; `off` switches a rule off."""

    never_picked_up_after_working_hours: Hours | Literal["off"] | None = None
    no_scan_after_working_hours: Hours | Literal["off"] | None = None
    eta_slip_tolerance_minutes: Minutes | Literal["off"] | None = None
    promise_grace_minutes: Minutes | Literal["off"] | None = None
    promise_critical_after_hours: Hours | None = None
    failed_attempts_until_critical: int | None = Field(default=None, ge=1)


class ScopedThresholdsEntry(ThresholdsEntry):
    """Thresholds, and those of single services, named as the source names them."""

    services: dict[str, ThresholdsEntry] = Field(default_factory=dict)


class PartnerEntry(_Entry):
    key: Key
    name: str = Field(min_length=1, max_length=80)
    kind: PartnerKind
    time_zone: str
    calendar: CalendarEntry = CalendarEntry()
    channel: ChannelId
    account_manager: UserId
    aliases: tuple[str, ...] = ()
    contract: ContractEntry = ContractEntry()
    thresholds: ScopedThresholdsEntry = ScopedThresholdsEntry()

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"unknown time zone {value!r}: use an IANA name like Europe/Berlin")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class _SourceEntry(_Entry):
    key: Key
    poll_every_minutes: float = Field(default=15, gt=0)


class EasyPostEntry(_SourceEntry):
    kind: Literal["easypost"]
    url: HttpUrl = HttpUrl("https://api.easypost.com/v2")
    api_key: SecretStr
    follow_every_minutes: float = Field(
        default=60, gt=0, description="how often a shipment under way is asked for by itself"
    )
    promise: Literal["guarantee", "first_estimate", "none"] = Field(
        default="guarantee", description="which of the carrier's dates counts as the promise"
    )
    timeout_seconds: float = Field(default=20, gt=0)


class FolderEntry(_SourceEntry):
    kind: Literal["folder"]
    path: Path
    time_zone: str = Field(default="UTC", description="of times in the files that carry no offset")

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        return PartnerEntry._is_a_zone(value)


SourceEntry = Annotated[EasyPostEntry | FolderEntry, Field(discriminator="kind")]


class MatchEntry(_Entry):
    """Everything that is given must hold; the first entry that holds decides."""

    partner: Key
    source: Key | None = None
    carrier: str | None = Field(default=None, description="equal, whatever the case")
    service: str | None = Field(default=None, description="equal, whatever the case")
    tracking_number: str | None = Field(default=None, description="a regular expression, in full")

    @field_validator("tracking_number")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value


class Book(_Entry):
    """Partners, contracts, sources and policies: everything that is no secret."""

    ops_channel: ChannelId
    fallback_channel: ChannelId
    partners: tuple[PartnerEntry, ...] = Field(min_length=1)
    sources: tuple[SourceEntry, ...] = Field(min_length=1)
    matching: tuple[MatchEntry, ...] = ()
    thresholds: ScopedThresholdsEntry = ScopedThresholdsEntry()
