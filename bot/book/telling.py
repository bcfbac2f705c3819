"""How much of what is noticed is said, and where and when it is said."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.book.fields import ChannelId, Entry, Key, LocalTime, TimeZone, UserId, Weekday, Words
from storage.vocabulary import CaseKind, Severity


class GroupingEntry(Entry):
    """What belongs together becomes one message."""

    wait_seconds: float = Field(
        default=30, ge=0, le=3600, description="seconds, from 0 to 3600, for others to join"
    )
    critical_wait_seconds: float = Field(
        default=3, ge=0, le=3600, description="seconds, from 0 to 3600, for others to join"
    )
    redraw_seconds: float = Field(
        default=10, ge=0, le=3600, description="seconds, from 0 to 3600, between two edits"
    )
    group_from_cases: int = Field(
        default=2, ge=2, description="a whole number from 2 on: fewer stay a message each"
    )
    storm_from_cases: int = Field(
        default=50, ge=2, description="a whole number from 2 on, of one partner at once"
    )
    storm_from_messages: int = Field(
        default=6, ge=2, description="a whole number from 2 on, in one channel at once"
    )


class QuietHoursEntry(Entry):
    """When only what is critical is said, in the partner's zone; days off of its calendar too."""

    from_: LocalTime = Field(alias="from", description="a time such as 19:00")
    to: LocalTime = Field(description="a time such as 07:00")
    days_off: bool = Field(default=True, description="true or false: whether days off are quiet")

    @model_validator(mode="after")
    def _lasts(self) -> "QuietHoursEntry":
        if self.from_ == self.to:
            raise ValueError(f"quiet from {self.from_:%H:%M} to {self.to:%H:%M} is no time at all")
        return self


class RemindersEntry(Entry):
    """How it is said again that nobody has a case; each pause is twice the one before. What is
    only for information is never said again."""

    first_after_working_hours: float = Field(
        default=4, gt=0, le=1000, description="hours, up to 1000, in the partner's working time"
    )
    critical_first_after_working_hours: float = Field(
        default=1, gt=0, le=1000, description="hours, up to 1000, in the partner's working time"
    )
    at_most: int = Field(
        default=4, ge=0, le=10, description="a whole number from 0 to 10; 0 is never"
    )


class DigestEntry(Entry):
    """A summary for a channel that wants one."""

    channel: ChannelId
    every: Literal["day", "week"] = "day"
    at: LocalTime = Field(default=time(8), description="a time such as 08:00")
    on: Weekday = Field(default="mon", description="a day such as mon, for a weekly one")
    time_zone: TimeZone | None = None
    """The partner's in its own channel, else the book's."""
    partners: tuple[Key, ...] = ()
    """None given: the channel's own partner, or all of them in a channel that is no partner's."""


class RouteCondition(Entry):
    """All that is given must hold, and any one of a list."""

    partners: tuple[Key, ...] = Field(default=(), min_length=1, description="partners' keys")
    kinds: tuple[CaseKind, ...] = Field(default=(), min_length=1, description="kinds of cases")
    severity_from: Severity | None = None
    """This one, or worse."""
    customers: tuple[Words, ...] = Field(default=(), min_length=1, description="accounts")
    """As the orders name them, whatever the case."""
    priority: Words | None = None
    """The customer's, as the orders name it, whatever the case."""
    value_from: float | None = Field(default=None, ge=0, description="a number, 0 or more")
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="three letters such as EUR"
    )


Destination = Annotated[
    ChannelId | UserId | Literal["partner", "ops"],
    Field(description="a channel's id (C...), a person's (U...), or one of the words partner, ops"),
]


class RouteEntry(Entry):
    name: str = Field(min_length=1, max_length=80, description="a name of 1 to 80 characters")
    when: RouteCondition = RouteCondition()
    to: tuple[Destination, ...] = Field(
        min_length=1, description="channels, people, or the words partner and ops"
    )


class RoutingEntry(Entry):
    """Where a case is told. What no route takes goes to its partner's channel, else to ops."""

    match: Literal["first", "all"] = "first"
    routes: tuple[RouteEntry, ...] = ()
