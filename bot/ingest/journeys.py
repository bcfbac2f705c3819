"""Shipments, checkpoints and ETAs on their way in: merged, written, and due to be judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import merging, said_estimates
from bot.alerts.planning import plan
from bot.book.models import Book, EasyPostEntry
from bot.cases.changes import CaseChange
from bot.cases.handing_over import hand_over
from bot.ingest.intake import Intake
from bot.ingest.known_checkpoints import news_of
from bot.ingest.sorting import sort_out
from bot.placing import Told
from bot.sources.reports import Page
from storage import due, journeys
from storage.journeys import StoredCheckpoint, StoredEstimate, StoredShipment
from storage.vocabulary import DueKind

_NO_PARTNER_ZONE = ZoneInfo("UTC")  # of a partner that has left the book


@dataclass(frozen=True, slots=True)
class TakenJourneys:
    new_shipments: int = 0
    changed_shipments: int = 0
    new_checkpoints: int = 0


def take_journeys(intake: Intake, page: Page) -> TakenJourneys:
    all_told = sort_out(intake, page)
    if not all_told:
        return TakenJourneys()
    zones = _Zones(intake.book)
    session = intake.session
    known = journeys.checkpoints_of(
        session, [told.before.id for told in all_told if told.before and _needs_journey(told)]
    )
    new = [told.shipment for told in all_told if told.before is None]
    journeys.give_ids(session, new)
    to_write: dict[int, list[StoredCheckpoint]] = {}
    new_checkpoints = 0
    for told in all_told:
        shipment, before = told.shipment, told.before
        news = news_of(told.checkpoints, known[before.id] if before is not None else ())
        new_checkpoints += news.new_ones
        if news.to_write:
            to_write[shipment.id] = news.to_write
        _merge(told, news.whole, intake.source_key, zones)
    estimates = _new_estimates(intake, all_told, zones)
    changed = [
        told.shipment
        for told in all_told
        if told.before is not None
        and (
            told.shipment.id in to_write
            or told.shipment.id in estimates
            or told.shipment != told.before
        )
    ]
    for shipment in changed:
        shipment.changed_at = intake.now
    journeys.add_shipments(session, new)
    journeys.change_shipments(session, changed)
    journeys.write_checkpoints(session, to_write)
    journeys.write_estimates(session, estimates)
    _hand_over_cases(intake, all_told)
    _schedule(intake, new, changed)
    return TakenJourneys(len(new), len(changed), new_checkpoints)


class _Zones:
    """Where things are delivered."""

    def __init__(self, book: Book) -> None:
        self._of_partners = {partner.key: partner.zone for partner in book.partners}

    def of_partner(self, shipment: StoredShipment) -> ZoneInfo:
        return self._of_partners.get(shipment.partner_key, _NO_PARTNER_ZONE)

    def of_destination(self, shipment: StoredShipment) -> ZoneInfo:
        return merging.destination_zone_of(shipment, self.of_partner(shipment))

    def differ(self, told: Told) -> bool:
        """It is delivered in another zone than was thought before."""
        before = told.before
        return before is not None and (
            self.of_destination(before) != self.of_destination(told.shipment)
        )


def _needs_journey(told: Told) -> bool:
    return bool(told.checkpoints) or any(report.status is not None for report in told.reports)


def _merge(told: Told, journey: Sequence[StoredCheckpoint], source_key: str, zones: _Zones) -> None:
    shipment = told.shipment
    for report in told.reports:
        merging.merge_report(shipment, report, source_key)
    if told.checkpoints:
        if not told.reports:
            merging.merge_checkpoint_source(shipment, source_key)
        merging.merge_estimates(shipment, [*said_estimates.said_by_checkpoints(told)])
    if journey:
        merging.merge_journey(shipment, journey)
    merging.settle(shipment, zones.of_partner(shipment))


def _new_estimates(
    intake: Intake, all_told: Sequence[Told], zones: _Zones
) -> dict[int, list[StoredEstimate]]:
    """Every ETA that was not known to have been said, by the id of its shipment."""
    said = {
        told.shipment.id: each
        for told in all_told
        if told.shipment.estimated_at is not None
        and ((each := list(said_estimates.said_by(told))) or zones.differ(told))
    }
    if not said:
        return {}
    known = journeys.estimates_of(
        intake.session,
        [told.before.id for told in all_told if told.before and told.before.id in said],
    )
    news = {
        told.shipment.id: said_estimates.news(
            said[told.shipment.id], known[told.shipment.id], zones.of_destination(told.shipment)
        )
        for told in all_told
        if told.shipment.id in said
    }
    return {shipment_id: each for shipment_id, each in news.items() if each}


def _hand_over_cases(intake: Intake, all_told: Sequence[Told]) -> None:
    """A shipment that turned out to be another partner's takes its open cases along, out of the
    channel where nobody may see them any more."""
    changes: list[CaseChange] = []
    for told in all_told:
        if told.before is None or told.before.partner_key == told.shipment.partner_key:
            continue
        partner_key = told.shipment.partner_key
        changes += hand_over(intake.session, told.shipment.id, partner_key, intake.now)
    plan(intake.session, changes, intake.book, intake.now)


def _schedule(
    intake: Intake, new: Sequence[StoredShipment], changed: Sequence[StoredShipment]
) -> None:
    follow_after = {
        entry.key: timedelta(minutes=entry.follow_every_minutes)
        for entry in intake.book.sources
        if isinstance(entry, EasyPostEntry)
    }
    to_judge: dict[str, datetime] = {}
    to_follow: dict[str, datetime] = {}
    for shipment in (*new, *changed):
        subject = str(shipment.id)
        to_judge[subject] = intake.now
        if merging.is_tracked(shipment) and not merging.is_finished(shipment):
            pause = follow_after.get(shipment.source_key)
            if pause is not None:
                to_follow[subject] = intake.now + pause
    resting = [each for shipment in changed if (each := str(shipment.id)) not in to_follow]
    due.schedule_many(intake.session, DueKind.JUDGE_SHIPMENT, to_judge)
    due.schedule_missing(intake.session, DueKind.POLL_SHIPMENT, to_follow)
    due.cancel_many(intake.session, DueKind.POLL_SHIPMENT, resting)
