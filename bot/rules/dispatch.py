"""By when an order is to be on its way: as it says itself, else as the partner's cut-off has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from bot.rules.finding import Fact
from bot.rules.journey import Journey
from bot.rules.policy import Policy


@dataclass(frozen=True, slots=True)
class Dispatch:
    due_at: datetime
    cut_off: time | None = None
    """Of the partner's day, where it follows from that; None where the order gave its own time."""


def dispatch_of(journey: Journey, policy: Policy) -> Dispatch | None:
    """None where nobody has said by when. What a customer sends back keeps no cut-off."""
    if journey.ship_by is not None:
        return Dispatch(journey.ship_by)
    if journey.ordered_at is None or journey.is_return:
        return None
    due_at = policy.calendar.dispatch_due(journey.ordered_at)
    return Dispatch(due_at, policy.calendar.cut_off) if due_at is not None else None


def first_awaited_at(announced_at: datetime, journey: Journey, policy: Policy) -> datetime:
    """From when on its first scan is waited for: nobody need hand it over before it is due out."""
    dispatch = dispatch_of(journey, policy)
    return announced_at if dispatch is None else max(announced_at, dispatch.due_at)


def facts_of_announcement(
    announced_at: datetime, journey: Journey, policy: Policy
) -> Mapping[str, Fact]:
    """What is said of a shipment that was announced and is waited for."""
    dispatch = dispatch_of(journey, policy)
    return {
        "announced_at": announced_at.isoformat(),
        "ship_by": dispatch.due_at.isoformat() if dispatch else None,
    }
