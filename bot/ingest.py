"""Takes in a page of news: reports become rows, each fact merged by the law of bot.merging.

The same page twice changes nothing, and the order of pages makes no difference. News that belong
to nobody are set aside, and read again once their shipment is known: see
`storage.sources.start_reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import merging, said_estimates
from bot.book.models import Book, EasyPostEntry
from bot.cleaning import (
    Unfit,
    clean_checkpoint,
    clean_measurement,
    clean_number,
    clean_shipment,
)
from bot.matching import Matcher, Unmatched
from bot.placing import Nobodys, Placing, Told
from bot.sources.reports import CheckpointReport, MeasurementReport, Page, ShipmentReport
from storage import cases, due, journeys, measurements, set_aside
from storage.journeys import StoredCheckpoint, StoredEstimate, StoredShipment
from storage.measurements import Measured, MeasurementKey
from storage.set_aside import BadInput
from storage.tables import Measurement
from storage.vocabulary import CaseAction, DueKind

LONGEST_SHOWN = 60  # characters of each value, of what is set aside
_NO_PARTNER_ZONE = ZoneInfo("UTC")  # of a partner that has left the book


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a page brought that was not known before."""

    new_shipments: int
    changed_shipments: int
    new_checkpoints: int
    new_measurements: int
    """New or corrected."""
    set_aside: int

    @property
    def is_news(self) -> bool:
        return bool(
            self.new_shipments
            or self.changed_shipments
            or self.new_checkpoints
            or self.new_measurements
        )


def ingest(session: Session, page: Page, source_key: str, book: Book, now: datetime) -> Ingested:
    """Takes in a page within the caller's transaction. The cursor and health are the caller's."""
    intake = _Intake(session, source_key, book, now)
    new, changed, new_checkpoints = intake.take_journeys(page)
    new_measurements = intake.take_measurements(page.measurements)
    intake.note_bad_input(page)
    return Ingested(new, changed, new_checkpoints, new_measurements, len(intake.bad))


class _Intake:
    """One page on its way in."""

    def __init__(self, session: Session, source_key: str, book: Book, now: datetime) -> None:
        self._session = session
        self._source_key = source_key
        self._now = now
        self._matcher = Matcher(book)
        self._zones = {partner.key: partner.zone for partner in book.partners}
        self._follow_at = {
            entry.key: now + timedelta(minutes=entry.follow_every_minutes)
            for entry in book.sources
            if isinstance(entry, EasyPostEntry)
        }
        self._taken: list[str] = []  # places of what could be taken
        self.bad: list[BadInput] = []

    def take_journeys(self, page: Page) -> tuple[int, int, int]:
        """How many shipments are new, how many changed, how many checkpoints are new."""
        reports = self._clean_shipments(page.shipments)
        checkpoints = self._clean_checkpoints(page.checkpoints)
        if not reports and not checkpoints:
            return 0, 0, 0
        journeys.take_turn(self._session)
        numbers = {report.tracking_number for report in reports}
        numbers.update(number for _, number, _ in checkpoints)
        stored = journeys.by_numbers(self._session, sorted(numbers))
        placing = Placing(self._matcher, self._source_key, self._now, stored)
        self._place_shipments(placing, reports)
        self._place_checkpoints(placing, checkpoints)
        return self._merge(placing.told())

    def take_measurements(self, reports: Sequence[MeasurementReport]) -> int:
        """How many figures are new or corrected."""
        measured = [
            (figure, report.measured_at is not None)
            for report in reports
            if (figure := self._measured(report)) is not None
        ]
        if not measured:
            return 0
        partner_keys = sorted({figure.partner_key for figure, _ in measured})
        known = measurements.of_partners(self._session, partner_keys)
        news: dict[MeasurementKey, Measured] = {}
        for figure, is_dated in measured:
            stored = news.get(figure.key) or known.get(figure.key)
            if stored is None or _outweighs(figure, stored, is_dated):
                news[figure.key] = figure
        measurements.upsert_many(self._session, list(news.values()))
        return len(news)

    def note_bad_input(self, page: Page) -> None:
        """Sets aside what could not be taken, and forgets what was mended since."""
        self.bad.extend(BadInput(r.place, r.reason, r.excerpt) for r in page.rejected)
        still_bad = {entry.place for entry in self.bad}
        set_aside.record(self._session, self._source_key, self.bad, self._now)
        set_aside.mend(self._session, self._source_key, page.places_read, still_bad)
        set_aside.mend_taken(self._session, self._source_key, self._taken, still_bad)

    def _clean_shipments(self, reports: Sequence[ShipmentReport]) -> list[ShipmentReport]:
        cleaned = []
        for report in reports:
            try:
                cleaned.append(clean_shipment(report, clean_number(report.tracking_number)))
            except Unfit as unfit:
                self._set_aside(_place_of_report(report.tracking_number), str(unfit), report)
        return cleaned

    def _clean_checkpoints(
        self, reports: Sequence[CheckpointReport]
    ) -> list[tuple[CheckpointReport, str, StoredCheckpoint]]:
        cleaned = []
        numbers: dict[str, str] = {}  # each is told of many times
        for report in reports:
            try:
                told = report.tracking_number
                number = numbers.get(told) or numbers.setdefault(told, clean_number(told))
                checkpoint = clean_checkpoint(report, self._source_key, self._now)
                cleaned.append((report, number, checkpoint))
            except Unfit as unfit:
                self._set_aside(_place_of_checkpoint(report), str(unfit), report)
        return cleaned

    def _place_shipments(self, placing: Placing, reports: Sequence[ShipmentReport]) -> None:
        # Names first: within a page, what tells most must not depend on the order of lines.
        for report in sorted(reports, key=lambda report: not report.partner):
            number = report.tracking_number
            told = (
                placing.named(number, report.partner)
                if report.partner
                else placing.reported(report)
            )
            place = _place_of_report(number)
            if isinstance(told, Nobodys):
                self._set_aside_nobodys(told, number, place, report)
            else:
                told.reports.append(report)
                self._taken.append(place)

    def _place_checkpoints(
        self,
        placing: Placing,
        checkpoints: Sequence[tuple[CheckpointReport, str, StoredCheckpoint]],
    ) -> None:
        # Names first, as with shipments: what tells most must not depend on the order of lines.
        unnamed = []
        found: dict[str, Told | Nobodys] = {}
        for each in checkpoints:
            report, number, _ = each
            if report.partner:
                self._tell(placing.named(number, report.partner), *each)
            else:
                unnamed.append(each)
        for each in unnamed:
            number = each[1]
            told = found.get(number)
            if told is None:
                told = found[number] = placing.seen(number)
            self._tell(told, *each)

    def _tell(
        self,
        told: Told | Nobodys,
        report: CheckpointReport,
        number: str,
        checkpoint: StoredCheckpoint,
    ) -> None:
        if isinstance(told, Nobodys):
            self._set_aside_nobodys(told, number, _place_of_checkpoint(report), report)
        else:
            told.checkpoints.append(checkpoint)

    def _merge(self, all_told: Sequence[Told]) -> tuple[int, int, int]:
        journeys_known = journeys.checkpoints_of(
            self._session,
            [t.before.id for t in all_told if t.before is not None and _needs_journey(t)],
        )
        new = [told.shipment for told in all_told if told.before is None]
        journeys.give_ids(self._session, new)
        to_write: dict[int, list[StoredCheckpoint]] = {}
        new_checkpoints = 0
        for told in all_told:
            shipment, before = told.shipment, told.before
            known = journeys_known[before.id] if before is not None else []
            better, whole, count = _news(told.checkpoints, known)
            new_checkpoints += count
            if better:
                to_write[shipment.id] = better
            self._merge_one(told, whole)
        estimates = self._estimates(all_told)
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
            shipment.changed_at = self._now
        journeys.add_shipments(self._session, new)
        journeys.change_shipments(self._session, changed)
        journeys.write_checkpoints(self._session, to_write)
        journeys.write_estimates(self._session, estimates)
        self._hand_over_cases(all_told)
        self._schedule(new, changed)
        return len(new), len(changed), new_checkpoints

    def _merge_one(self, told: Told, journey: Sequence[StoredCheckpoint]) -> None:
        shipment = told.shipment
        for report in told.reports:
            merging.merge_report(shipment, report, self._source_key)
        if told.checkpoints:
            if not told.reports:
                merging.merge_checkpoint_source(shipment, self._source_key)
            merging.merge_estimates(
                shipment, [each for each in told.checkpoints if each.estimated_at is not None]
            )
        if journey:
            merging.merge_journey(shipment, journey)
        merging.settle(shipment, self._partner_zone(shipment))

    def _estimates(self, all_told: Sequence[Told]) -> dict[int, list[StoredEstimate]]:
        """Every ETA that was not known to have been said, by the id of its shipment."""
        said = {
            told.shipment.id: each
            for told in all_told
            if told.shipment.estimated_at is not None
            and ((each := list(said_estimates.said_by(told))) or self._is_elsewhere(told))
        }
        if not said:
            return {}
        known = journeys.estimates_of(
            self._session,
            [told.before.id for told in all_told if told.before and told.before.id in said],
        )
        news = {
            told.shipment.id: said_estimates.news(
                said[told.shipment.id], known[told.shipment.id], self._zone(told.shipment)
            )
            for told in all_told
            if told.shipment.id in said
        }
        return {shipment_id: each for shipment_id, each in news.items() if each}

    def _is_elsewhere(self, told: Told) -> bool:
        """It is delivered in another zone than was thought before."""
        return told.before is not None and self._zone(told.before) != self._zone(told.shipment)

    def _zone(self, shipment: StoredShipment) -> ZoneInfo:
        return merging.destination_zone_of(shipment, self._partner_zone(shipment))

    def _partner_zone(self, shipment: StoredShipment) -> ZoneInfo:
        return self._zones.get(shipment.partner_key, _NO_PARTNER_ZONE)

    def _hand_over_cases(self, all_told: Sequence[Told]) -> None:
        """A shipment that turned out to be another partner's takes its open cases along."""
        for told in all_told:
            if told.before is None or told.before.partner_key == told.shipment.partner_key:
                continue
            note = f"the shipment is {told.shipment.partner_key}'s, not {told.before.partner_key}'s"
            for case in cases.hand_over(
                self._session, told.shipment.id, told.shipment.partner_key, self._now
            ):
                if case.id is not None:
                    cases.add_event(
                        self._session, case.id, self._now, "rule", CaseAction.CHANGED, note
                    )

    def _schedule(self, new: Sequence[StoredShipment], changed: Sequence[StoredShipment]) -> None:
        to_judge: dict[str, datetime] = {}
        to_follow: dict[str, datetime] = {}
        for shipment in (*new, *changed):
            subject = str(shipment.id)
            to_judge[subject] = self._now
            if merging.is_tracked(shipment) and not merging.is_finished(shipment):
                follow_at = self._follow_at.get(shipment.source_key)
                if follow_at is not None:
                    to_follow[subject] = follow_at
        resting = [each for shipment in changed if (each := str(shipment.id)) not in to_follow]
        due.schedule_many(self._session, DueKind.JUDGE_SHIPMENT, to_judge)
        due.schedule_missing(self._session, DueKind.POLL_SHIPMENT, to_follow)
        due.cancel_many(self._session, DueKind.POLL_SHIPMENT, resting)

    def _measured(self, report: MeasurementReport) -> Measured | None:
        place = (
            f"measurement {report.partner} {report.metric} "
            f"{report.period_start}..{report.period_end}"
        )
        partner_key = self._matcher.named(report.partner)
        if isinstance(partner_key, Unmatched):
            self._set_aside(place, partner_key.reason, report)
            return None
        try:
            cleaned = clean_measurement(report)
        except Unfit as unfit:
            self._set_aside(place, str(unfit), report)
            return None
        self._taken.append(place)
        return Measured(
            partner_key=partner_key,
            metric=cleaned.metric,
            period_start=cleaned.period_start,
            period_end=cleaned.period_end,
            source_key=self._source_key,
            numerator=float(cleaned.numerator),
            denominator=float(cleaned.denominator),
            measured_at=cleaned.measured_at or self._now,
        )

    def _set_aside_nobodys(
        self, nobodys: Nobodys, number: str, place: str, report: ShipmentReport | CheckpointReport
    ) -> None:
        where = place if nobodys.is_known else set_aside.unplaced(number)
        self._set_aside(where, nobodys.reason, report)

    def _set_aside(
        self,
        place: str,
        reason: str,
        report: ShipmentReport | CheckpointReport | MeasurementReport,
    ) -> None:
        self.bad.append(BadInput(place, reason, _excerpt(report)))


def _needs_journey(told: Told) -> bool:
    return bool(told.checkpoints) or any(report.status is not None for report in told.reports)


def _news(
    told: Sequence[StoredCheckpoint], known: Sequence[StoredCheckpoint]
) -> tuple[list[StoredCheckpoint], list[StoredCheckpoint], int]:
    """What is to be written, the whole journey with it, and how much was never heard of.

    The same event told twice is one; what its tellings differ in is taken from the first to be
    recorded.
    """
    if not known and len({checkpoint[0] for checkpoint in told}) == len(told):
        return list(told), list(told), len(told)
    stored = {checkpoint[:2]: checkpoint for checkpoint in known}
    best: dict[tuple[datetime, str], StoredCheckpoint] = {}
    for checkpoint in told:
        key = checkpoint[:2]  # when, and what
        other = best.get(key) or stored.get(key)
        if other is None or _precedence(checkpoint) < _precedence(other):
            best[key] = checkpoint
    better = list(best.values())
    if not stored:
        return better, better, len(better)
    return better, list((stored | best).values()), len(best.keys() - stored.keys())


def _precedence(checkpoint: StoredCheckpoint) -> tuple[datetime, str, str, str, float]:
    estimated_at = checkpoint.estimated_at
    return (
        checkpoint.recorded_at,
        checkpoint.source_key,
        checkpoint.reason or "",
        "" if estimated_at is None else estimated_at.isoformat(),
        checkpoint.quantity or 0.0,
    )


def _outweighs(figure: Measured, stored: Measured | Measurement, is_dated: bool) -> bool:
    values, before = _values(figure), _values(stored)
    if not is_dated and values == before:
        return False  # the same figure again, and nothing says that it was measured again
    return (figure.measured_at, *values) > (stored.measured_at, *before)


def _values(figure: Measured | Measurement) -> tuple[float, float]:
    return figure.numerator, figure.denominator


def _place_of_report(number: str) -> str:
    return f"shipment {number}"


def _place_of_checkpoint(report: CheckpointReport) -> str:
    return f"checkpoint {report.tracking_number}:{report.occurred_at.isoformat()}"


def _excerpt(report: ShipmentReport | CheckpointReport | MeasurementReport) -> str:
    """What was told, but for places: they may be where a customer lives."""
    told = [
        f"{each.name}={str(value)[:LONGEST_SHOWN]}"
        for each in fields(report)
        if each.name not in ("origin", "destination", "location", "raw_text")
        and (value := getattr(report, each.name)) is not None
    ]
    return " ".join(told)
