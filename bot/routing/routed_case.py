"""What routes look at."""

from dataclasses import dataclass

from storage.tables import Case, Shipment
from storage.vocabulary import CaseKind, Severity


@dataclass(frozen=True, slots=True)
class RoutedCase:
    """A case as it opened; what is None is not known, and no condition on it holds."""

    kind: CaseKind
    severity: Severity
    partner_key: str | None = None
    account: str | None = None
    """The customer's, as the order names it."""
    priority: str | None = None
    value: float | None = None
    currency: str | None = None


def routed_case(case: Case, shipment: Shipment | None) -> RoutedCase:
    """`shipment` is what the case is about, where it is about one."""
    return RoutedCase(
        kind=CaseKind(case.kind),
        severity=Severity(case.severity),
        partner_key=case.partner_key,
        account=shipment.account if shipment else None,
        priority=shipment.priority if shipment else None,
        value=shipment.value if shipment else None,
        currency=shipment.currency if shipment else None,
    )
