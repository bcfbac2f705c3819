"""What the entries of the book are made of: fields with the words that a fault expects of them."""

import difflib
from collections.abc import Collection
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Key = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        max_length=40,
        description="a short name of small letters, digits, - and _",
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
Words = Annotated[str, Field(min_length=1, description="a word, or several")]
Hours = Annotated[float, Field(gt=0)]

WORKING_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")


def _is_a_zone(name: str) -> str:
    if name not in available_timezones():
        meant = nearest(name, available_timezones())
        raise ValueError(
            f"unknown time zone {name!r}: use an IANA name such as Europe/Berlin"
            + (f". Did you mean {meant}?" if meant else "")
        )
    return name


def _share_or_number(given: object) -> object:
    """`95%` is 0.95."""
    if not isinstance(given, str) or not given.rstrip().endswith("%"):
        return given
    try:
        return Decimal(given.rstrip().removesuffix("%").strip()) / 100
    except InvalidOperation:
        return given


def _is_local(hour: time) -> time:
    if hour.tzinfo is not None:
        raise ValueError("is a time of the entry's own zone: leave out the offset")
    return hour


LocalTime = Annotated[time, AfterValidator(_is_local)]
TimeZone = Annotated[
    str, AfterValidator(_is_a_zone), Field(description="an IANA time zone such as Europe/Berlin")
]
Target = Annotated[
    float,
    BeforeValidator(_share_or_number),
    Field(ge=0, description="a number such as 48, or a share such as 95% or 0.95"),
]


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def nearest(name: str, known: Collection[str], likeness: float = 0.6) -> str | None:
    """The one that was probably meant; a likeness of 1 is the same but for its case."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
