"""A storm: 10,000 shipments of twenty partners get into trouble at once, on twenty lanes each, and
half of them arrive later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.workspace import ChannelSetup, PersonSetup, WorkspaceSetup
from storage.vocabulary import CaseKind
from tests.acceptance.processes import MANIFEST

PARTNERS, LANES, CASES_A_LANE = 20, 20, 25
CASES = PARTNERS * LANES * CASES_A_LANE
CRITICAL_OF_A_MIXED_LANE = 3
SOURCE = "orders"

# Lanes by their kind of trouble; on all others shipments are late.
DAMAGED_LANES, CRITICAL_LATE_LANES, CUSTOMS_LANES, REFUSED_LANES = (0,), (1,), (2, 3, 4), (5, 6)
CRITICAL_LANES = DAMAGED_LANES + CRITICAL_LATE_LANES
# Lanes of which all shipments arrive, and those of which so many do: half of all.
ARRIVING_LANES, PARTLY_ARRIVING_LANES, PART = (1, 8, 9, 10, 11, 12, 13), (14, 15, 16, 17, 18), 15

ORIGINS = (
    *("Antwerp", "Bremen", "Calais", "Dover", "Emden", "Faro", "Genoa", "Hamburg", "Izmir"),
    *("Jaffa", "Kiel", "Leeds", "Malmo", "Nantes", "Oslo", "Porto", "Riga", "Split", "Turku"),
    "Vigo",
)
DESTINATIONS = (
    *("Abuja", "Bogota", "Chennai", "Dakar", "Edmonton", "Fukuoka", "Guadalajara", "Houston"),
    *("Incheon", "Jakarta", "Karachi", "Lagos", "Manila", "Nairobi", "Osaka", "Perth", "Quito"),
    *("Recife", "Santos", "Tampa"),
)

_REASONS = {
    CaseKind.DAMAGED: "damaged",
    CaseKind.CUSTOMS_HOLD: "documents",
    CaseKind.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A shipment, and what is wrong with it."""

    number: str
    partner: int
    lane: int
    kind: CaseKind
    is_critical: bool
    arrives: bool


def troubles() -> list[Trouble]:
    return [
        _trouble(partner, lane, place)
        for lane in range(LANES)
        for partner in range(PARTNERS)
        for place in range(CASES_A_LANE)
    ]


def key_of(partner: int) -> str:
    return f"carrier{partner:02}"


def channel_of(partner: int) -> str:
    return f"C0CARRIER{partner:02}"


def lane_of(trouble: Trouble) -> str:
    return f"{ORIGINS[trouble.lane]} → {DESTINATIONS[trouble.partner]}"


def write_troubles(folder: Path, now: datetime) -> None:
    """What the partners' systems export: what is on its way, and what happened to it."""
    shipments = [
        f"{one.number},{key_of(one.partner)},SO-{one.number},{ORIGINS[one.lane]},"
        f"{DESTINATIONS[one.partner]},{(now - timedelta(days=3)).isoformat()},"
        f"{_promised_at(one, now).isoformat()},120.50,EUR"
        for one in troubles()
    ]
    scanned_at = (now - timedelta(hours=1)).isoformat()
    checkpoints = [
        f"{one.number},{key_of(one.partner)},{scanned_at},in_transit,Scanned at the hub,"
        f"{ORIGINS[one.lane]},{_REASONS.get(one.kind, '')}"
        for one in troubles()
    ]
    header = "tracking_number,partner,order_reference,origin,destination,ordered_at,promised_at"
    _write(folder / "shipments-1.csv", [f"{header},value,currency", *shipments])
    header = "tracking_number,partner,occurred_at,status,description,location,reason"
    _write(folder / "checkpoints-1.csv", [header, *checkpoints])


def write_arrivals(folder: Path, now: datetime) -> None:
    lines = [
        f"{one.number},{key_of(one.partner)},{now.isoformat()},delivered,Signed for"
        for one in troubles()
        if one.arrives
    ]
    header = "tracking_number,partner,occurred_at,status,description"
    _write(folder / "checkpoints-2.csv", [header, *lines])


def written_book(grouping: str) -> str:
    partners = "".join(
        f"  - {{key: {key_of(each)}, name: Carrier {each:02}, kind: carrier, time_zone: UTC,"
        f" channel: {channel_of(each)}, account_manager: U0ANNA}}\n"
        for each in range(PARTNERS)
    )
    return (
        "ops_channel: C0OPS\nfallback_channel: C0OPS\n"
        f"partners:\n{partners}"
        f"sources:\n  - {{key: {SOURCE}, kind: folder, path: orders, poll_every_minutes: 60}}\n"
        f"grouping: {{{grouping}}}\n"
        "thresholds: {never_picked_up_after_working_hours: off, no_scan_after_working_hours: off}\n"
    )


def workspace_setup() -> WorkspaceSetup:
    """As strict as Slack: a post a second in a channel, 300 a minute in all, 50 edits a minute."""
    everybody = ("U0OLIVIA", "U0ANNA")
    return WorkspaceSetup(
        manifest=MANIFEST,
        people=(
            PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh"),
            PersonSetup(id="U0ANNA", name="anna", real_name="Anna Lind"),
        ),
        channels=(
            *(
                ChannelSetup(id=channel_of(each), name=key_of(each), members=everybody)
                for each in range(PARTNERS)
            ),
            ChannelSetup(id="C0OPS", name="ops", members=everybody),
        ),
    )


def _trouble(partner: int, lane: int, place: int) -> Trouble:
    kind, is_critical = CaseKind.PROMISE_PASSED, False
    if lane in DAMAGED_LANES:
        kind, is_critical = CaseKind.DAMAGED, True
    elif lane in CUSTOMS_LANES:
        kind = CaseKind.CUSTOMS_HOLD
    elif lane in REFUSED_LANES:
        kind = CaseKind.REFUSED
    elif lane in CRITICAL_LATE_LANES:
        is_critical = place < CRITICAL_OF_A_MIXED_LANE
    return Trouble(
        number=f"P{partner:02}L{lane:02}N{place:02}",
        partner=partner,
        lane=lane,
        kind=kind,
        is_critical=is_critical,
        arrives=lane in ARRIVING_LANES or (lane in PARTLY_ARRIVING_LANES and place < PART),
    )


def _promised_at(trouble: Trouble, now: datetime) -> datetime:
    if trouble.kind is not CaseKind.PROMISE_PASSED:
        return now + timedelta(days=2)
    return now - timedelta(hours=30 if trouble.is_critical else 5)


def _write(path: Path, lines: Iterable[str]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text("\n".join(lines) + "\n")
    draft.rename(path)
