"""The partners of the demo: the busiest vendors of the history."""

from dataclasses import dataclass

from storage.vocabulary import PartnerKind


@dataclass(frozen=True, slots=True)
class DemoPartner:
    key: str
    name: str
    kind: PartnerKind
    history_name: str
    """What the history, the orders and the trackers call it."""
    time_zone: str
    country: str


PARTNERS = (
    DemoPartner(
        "rdc",
        "Regional Distribution Centers",
        PartnerKind.THIRD_PARTY_LOGISTICS,
        "SCMS from RDC",
        "Africa/Johannesburg",
        "ZA",
    ),
    DemoPartner(
        "orgenics", "Orgenics", PartnerKind.SUPPLIER, "Orgenics, Ltd", "Asia/Jerusalem", "IL"
    ),
    DemoPartner(
        "aurobindo",
        "Aurobindo Pharma",
        PartnerKind.SUPPLIER,
        "Aurobindo Pharma Limited",
        "Asia/Kolkata",
        "IN",
    ),
    DemoPartner(
        "abbvie",
        "AbbVie Logistics",
        PartnerKind.SUPPLIER,
        "ABBVIE LOGISTICS (FORMERLY ABBOTT LOGISTICS BV)",
        "Europe/Amsterdam",
        "NL",
    ),
    DemoPartner(
        "trinity",
        "Trinity Biotech",
        PartnerKind.SUPPLIER,
        "Trinity Biotech, Plc",
        "Europe/Dublin",
        "IE",
    ),
    DemoPartner(
        "mylan",
        "Mylan Laboratories",
        PartnerKind.SUPPLIER,
        "MYLAN LABORATORIES LTD (FORMERLY MATRIX LABORATORIES)",
        "Asia/Kolkata",
        "IN",
    ),
    DemoPartner(
        "hetero", "Hetero Labs", PartnerKind.SUPPLIER, "HETERO LABS LIMITED", "Asia/Kolkata", "IN"
    ),
    DemoPartner("cipla", "Cipla", PartnerKind.SUPPLIER, "CIPLA LIMITED", "Asia/Kolkata", "IN"),
)

HISTORY_NAMES = tuple(partner.history_name for partner in PARTNERS)
