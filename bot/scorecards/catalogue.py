"""Every KPI that we know: what it counts, in which unit, and which way is better.

A KPI is added here and nowhere else. Rates are fractions from 0 to 1, in targets too.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    RATE = "rate"
    """A fraction of a count: the numerator is part of the denominator."""
    HOURS = "hours"
    """Hours in all / how many."""
    DAYS = "days"
    """Days in all / how many."""
    SHARE = "share"
    """One amount of another, such as cost of sales: in per cent, but nothing is counted, so no
    interval of chance belongs to it."""
    RATIO = "ratio"
    """One amount to another, such as cost to units."""

    @property
    def is_per_cent(self) -> bool:
        return self in (Unit.RATE, Unit.SHARE)


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    """Too low is waste, too high congestion: close to the target is good."""


class Origin(StrEnum):
    COMPUTED = "computed"
    """By us, from shipments: every miss can be shown."""
    MEASURED = "measured"
    """By a source: we add up its numerators and denominators."""


@dataclass(frozen=True, slots=True)
class Kpi:
    name: str
    title: str
    unit: Unit
    better: Better
    formula: str
    origin: Origin = Origin.MEASURED
    benchmark: str | None = None
    """Baseline and best in class, as the trade states them: said where no target is agreed."""

    def meets(self, value: float, target: float) -> bool:
        match self.better:
            case Better.HIGHER:
                return value >= target
            case Better.LOWER:
                return value <= target
            case Better.BAND:
                return abs(value - target) <= BAND_TOLERANCE + 1e-9  # what floats add


BAND_TOLERANCE = 0.10
"""How far from its target a KPI that has a band may lie, either way."""

ON_TIME_DELIVERY = "on_time_delivery"
ORDER_CYCLE_TIME = "order_cycle_time"

_KPIS = (
    Kpi(
        ON_TIME_DELIVERY,
        "On-time delivery",
        Unit.RATE,
        Better.HIGHER,
        "delivered no later than promised / delivered or due, of those promised in the period",
        Origin.COMPUTED,
        "85% baseline, 95% and over best in class",
    ),
    Kpi(
        ORDER_CYCLE_TIME,
        "Order cycle time",
        Unit.DAYS,
        Better.LOWER,
        "days from order to delivery / shipments delivered in the period",
        Origin.COMPUTED,
    ),
    Kpi(
        "otif",
        "On time in full",
        Unit.RATE,
        Better.HIGHER,
        "orders on time and in full / orders due",
    ),
    Kpi(
        "perfect_order_rate",
        "Perfect order rate",
        Unit.RATE,
        Better.HIGHER,
        "orders in full, on the committed date and place, documents right, undamaged / all orders",
        benchmark="88% baseline, 95% and over best in class",
    ),
    Kpi(
        "order_accuracy",
        "Order accuracy",
        Unit.RATE,
        Better.HIGHER,
        "orders shipped free of error / orders shipped",
        benchmark="95% baseline, 99% and over best in class",
    ),
    Kpi(
        "picking_accuracy",
        "Picking accuracy",
        Unit.RATE,
        Better.HIGHER,
        "lines picked free of error / lines picked",
        benchmark="over 99.9% best in class (WERC 2020)",
    ),
    Kpi(
        "inventory_accuracy",
        "Inventory accuracy",
        Unit.RATE,
        Better.HIGHER,
        "locations or items matching / counted",
    ),
    Kpi("fill_rate", "Fill rate", Unit.RATE, Better.HIGHER, "units shipped / units ordered"),
    Kpi(
        "on_time_shipping",
        "On-time shipping",
        Unit.RATE,
        Better.HIGHER,
        "orders shipped by their cut-off / orders to ship",
        benchmark="over 99.7% best in class (WERC 2020)",
    ),
    Kpi(
        "dock_to_stock_time",
        "Dock-to-stock time",
        Unit.HOURS,
        Better.LOWER,
        "hours from arrival to available / receipts",
        benchmark="72 h baseline, under 48 h best in class",
    ),
    Kpi(
        "return_processing_time",
        "Return processing time",
        Unit.HOURS,
        Better.LOWER,
        "hours from received to dispositioned / returns",
    ),
    Kpi(
        "escalation_response_time",
        "Response time to escalations",
        Unit.HOURS,
        Better.LOWER,
        "hours from escalation to answer / escalations",
    ),
    Kpi(
        "inventory_turnover",
        "Inventory turnover",
        Unit.RATIO,
        Better.HIGHER,
        "cost of goods sold, annualised / average inventory",
        benchmark="4 to 6 a year baseline, 8 to 12 best in class; low is overstock, high a risk of "
        "stockout",
    ),
    Kpi(
        "cost_share",
        "Logistics cost as a share of sales",
        Unit.SHARE,
        Better.LOWER,
        "logistics cost / sales",
    ),
    Kpi(
        "cost_per_unit",
        "Transportation cost per unit",
        Unit.RATIO,
        Better.LOWER,
        "fees / units shipped",
    ),
    Kpi(
        "capacity_utilisation",
        "Warehouse capacity used",
        Unit.RATE,
        Better.BAND,
        "capacity used / capacity available",
        benchmark="90% on average (WERC 2020): too low is waste, too high congestion",
    ),
    Kpi(
        "first_attempt_delivery",
        "First-attempt delivery",
        Unit.RATE,
        Better.HIGHER,
        "delivered on the first attempt / attempted",
    ),
    Kpi(
        "failed_delivery_rate",
        "Failed deliveries",
        Unit.RATE,
        Better.LOWER,
        "delivery attempts failed / attempted",
    ),
    Kpi(
        "damage_rate",
        "Damage",
        Unit.RATE,
        Better.LOWER,
        "shipments damaged / shipped",
        benchmark="under 0.5% in a typical 3PL contract",
    ),
    Kpi("claims_rate", "Claims", Unit.RATE, Better.LOWER, "claims counted / shipments"),
    Kpi(
        "claims_cost_share",
        "Claims by value",
        Unit.SHARE,
        Better.LOWER,
        "value claimed / freight spend",
    ),
    Kpi(
        "tender_acceptance",
        "Tender acceptance",
        Unit.RATE,
        Better.HIGHER,
        "tenders accepted / offered",
    ),
    Kpi(
        "packaging_compliance",
        "Packaging compliance",
        Unit.RATE,
        Better.HIGHER,
        "parcels packed to specification / inspected",
    ),
    Kpi(
        "document_accuracy",
        "Documents right",
        Unit.RATE,
        Better.HIGHER,
        "shipments with documents right / shipped",
        benchmark="over 99.8% best in class (WERC 2020)",
    ),
    Kpi("return_rate", "Returns", Unit.RATE, Better.LOWER, "orders returned / shipped"),
)

CATALOGUE: dict[str, Kpi] = {kpi.name: kpi for kpi in _KPIS}
"""By name, in the order in which a scorecard shows them."""


def kpi_named(name: str) -> Kpi:
    """One that a source measures and we don't know is shown as it comes, without a verdict."""
    known = CATALOGUE.get(name)
    if known is not None:
        return known
    title = name.replace("_", " ").replace("-", " ").strip().capitalize() or name
    return Kpi(name, title, Unit.RATIO, Better.HIGHER, "as the source states it")
