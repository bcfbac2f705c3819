"""What a rule measures against: the thresholds of the book, and the partner's calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.calendars import WorkingCalendar


class ThresholdUnit(StrEnum):
    WORKING_HOURS = "working hours"
    HOURS = "hours"
    MINUTES = "minutes"
    DAYS = "days"
    ATTEMPTS = "attempts"
    VALUE = "of value, in the currency of the order"


class CanBeOff(StrEnum):
    YES = "yes"
    """`off` in the book switches the rule off."""
    NO = "no"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a rule declares and the book may set: default, by partner, by service."""

    name: str
    """As the book spells it."""
    default: float | None
    """None is off."""
    unit: ThresholdUnit
    meaning: str
    minimum: float
    maximum: float
    can_be_off: CanBeOff = CanBeOff.NO


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Resolved for one partner and service; what is not given has the rule's own default."""

    given: Mapping[str, float | None] = field(default_factory=dict)
    """By name; None is off."""

    def __getitem__(self, threshold: Threshold) -> float:
        """Raises LookupError for one that is off."""
        value = self.get(threshold)
        if value is None:
            raise LookupError(f"{threshold.name} is off")
        return value

    def get(self, threshold: Threshold) -> float | None:
        """None switches the rule off."""
        return self.given.get(threshold.name, threshold.default)


@dataclass(frozen=True, slots=True)
class Policy:
    thresholds: Thresholds
    calendar: WorkingCalendar
