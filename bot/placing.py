"""Whose a shipment is: by name; else as it is known already; else by the book's matching.

A partner told by name outweighs one that the book's matching told for a report, and that one told
for a bare checkpoint: when better knowledge comes, what was placed by worse moves to it. So the
order in which news come makes no difference, but for one case: of a number that several partners
were named for, what came without a name before the second was known stays with the first.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.matching import Described, Matcher, Unmatched
from bot.merging import BROUGHT_CHECKPOINTS
from bot.sources.reports import ShipmentReport
from storage.journeys import StoredCheckpoint, StoredShipment
from storage.vocabulary import Status

GUESSED_FOR_CHECKPOINT, GUESSED_FOR_REPORT, NAMED = 0, 1, 2


@dataclass(slots=True, eq=False)
class Told:
    """All that a page tells of one shipment."""

    shipment: StoredShipment
    before: StoredShipment | None
    """As it was stored; None for a new one."""
    reports: list[ShipmentReport] = field(default_factory=list)
    checkpoints: list[StoredCheckpoint] = field(default_factory=list)
    estimated_days: list[tuple[datetime, date]] = field(default_factory=list)
    """ETAs of checkpoints that are days: when each was said, and the day."""


@dataclass(frozen=True, slots=True)
class Nobodys:
    """News that belong to no partner."""

    reason: str
    is_known: bool
    """There are shipments of that number, but it cannot be told which of them is meant."""


class Placing:
    """The shipments that a page may be about, and those that it adds."""

    def __init__(
        self,
        matcher: Matcher,
        source_key: str,
        now: datetime,
        stored: Iterable[StoredShipment],
    ) -> None:
        self._matcher = matcher
        self._source_key = source_key
        self._now = now
        self._held: dict[str, dict[str, Told]] = {}
        for shipment in stored:
            of_number = self._held.setdefault(shipment.tracking_number, {})
            of_number[shipment.partner_key] = Told(copy(shipment), shipment)

    def named(self, number: str, name: str) -> Told | Nobodys:
        """The shipment of the partner that the source names."""
        partner_key = self._matcher.named(name)
        if isinstance(partner_key, Unmatched):
            return Nobodys(partner_key.reason, is_known=True)
        return self._attribute(number, partner_key, NAMED)

    def reported(self, report: ShipmentReport) -> Told | Nobodys:
        """The shipment of a report that names no partner."""
        described = Described(
            self._source_key, report.tracking_number, report.carrier, report.service
        )
        return self._only(report.tracking_number, NAMED) or self._guess(
            described, GUESSED_FOR_REPORT
        )

    def seen(self, number: str) -> Told | Nobodys:
        """The shipment of a checkpoint that names no partner."""
        return (
            self._only(number, NAMED)
            or self._only(number, GUESSED_FOR_REPORT)
            or self._guess(Described(self._source_key, number), GUESSED_FOR_CHECKPOINT)
        )

    def told(self) -> list[Told]:
        """The shipments that the page tells something of, or whose partner it tells."""
        return [told for of_number in self._held.values() for told in of_number.values()]

    def _only(self, number: str, strength: int) -> Told | None:
        fitting = [
            told
            for told in self._held.get(number, {}).values()
            if _strength(told.shipment) == strength
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _guess(self, described: Described, strength: int) -> Told | Nobodys:
        number = described.tracking_number
        partner_key = self._matcher.described(described)
        if isinstance(partner_key, str):
            return self._attribute(number, partner_key, strength)
        held = self._held.get(number)
        if not held:
            return Nobodys(partner_key.reason, is_known=False)
        if len(held) == 1:
            return next(iter(held.values()))
        owners = ", ".join(sorted(held))
        return Nobodys(f"{number} is known for {owners}; {partner_key.reason}", is_known=True)

    def _attribute(self, number: str, partner_key: str, strength: int) -> Told:
        held = self._held.get(number)
        if held is None:
            held = self._held[number] = {}
        told = held.get(partner_key)
        if told is None:
            weaker = [each for each in held.values() if _strength(each.shipment) < strength]
            if len(weaker) == 1:
                told = held.pop(weaker[0].shipment.partner_key)
                told.shipment.partner_key = partner_key
            else:
                told = Told(self._new(number, partner_key), None)
            held[partner_key] = told
            if _strength(told.shipment) != strength:
                _set_strength(told.shipment, strength)
        elif _strength(told.shipment) < strength:
            _set_strength(told.shipment, strength)
        return told

    def _new(self, number: str, partner_key: str) -> StoredShipment:
        return StoredShipment(
            partner_key=partner_key,
            tracking_number=number,
            source_key=self._source_key,
            status=Status.NOT_FOUND.value,
            created_at=self._now,
            changed_at=self._now,
            provenance={"source": BROUGHT_CHECKPOINTS},
        )


def _strength(shipment: StoredShipment) -> int:
    provenance = shipment.provenance
    if provenance is None:
        return NAMED
    strength: int = provenance.get("partner", NAMED)
    return strength


def _set_strength(shipment: StoredShipment, strength: int) -> None:
    provenance = dict(shipment.provenance or {})
    if strength == NAMED:
        provenance.pop("partner", None)
    else:
        provenance["partner"] = strength
    shipment.provenance = provenance or None
