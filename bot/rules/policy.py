"""What a rule measures against: the thresholds of the book, and the partner's calendar."""

from dataclasses import dataclass

from bot.calendars import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Resolved for one partner and service. None switches the rule off."""

    never_picked_up_after_working_hours: float | None
    no_scan_after_working_hours: float | None
    eta_slip_tolerance_minutes: float | None
    promise_grace_minutes: float | None
    promise_critical_after_hours: float
    failed_attempts_until_critical: int


@dataclass(frozen=True, slots=True)
class Policy:
    thresholds: Thresholds
    calendar: WorkingCalendar
