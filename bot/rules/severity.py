"""How much a finding weighs for the customer and the value behind it.

One step higher (info, warning, critical) where the customer's priority is high, or the shipment is
worth at least `high_value_from`. A shipment of unknown value is worth no more than any other.
"""

from bot.rules.journey import Journey
from bot.rules.policy import CanBeOff, Threshold, Thresholds, ThresholdUnit
from storage.vocabulary import Severity

HIGH_VALUE_FROM = Threshold(
    "high_value_from",
    default=None,
    unit=ThresholdUnit.VALUE,
    meaning="worth so much, a shipment's exceptions are one step more severe",
    minimum=0,
    maximum=1e12,
    can_be_off=CanBeOff.YES,
)

_ONE_STEP_HIGHER = {
    Severity.INFO: Severity.WARNING,
    Severity.WARNING: Severity.CRITICAL,
    Severity.CRITICAL: Severity.CRITICAL,
}


def weighed(severity: Severity, journey: Journey, thresholds: Thresholds) -> Severity:
    """The severity of the rule, or one step more for a shipment that matters more."""
    if _is_high_priority(journey) or _is_high_value(journey, thresholds):
        return _ONE_STEP_HIGHER[severity]
    return severity


def why_it_matters(journey: Journey, thresholds: Thresholds) -> str | None:
    """Why its exceptions are more severe than another shipment's; None where they aren't."""
    if _is_high_priority(journey):
        return "the customer has a high priority"
    if _is_high_value(journey, thresholds):
        return "it is worth a lot"
    return None


def _is_high_priority(journey: Journey) -> bool:
    return journey.priority is not None and journey.priority.strip().casefold() == "high"


def _is_high_value(journey: Journey, thresholds: Thresholds) -> bool:
    from_value = thresholds.get(HIGH_VALUE_FROM)
    return from_value is not None and journey.value is not None and journey.value >= from_value
