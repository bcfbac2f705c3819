"""Which shipment each report and each checkpoint of a page is about."""

from collections.abc import Sequence

from bot.cleaning import Unfit, clean_checkpoint, clean_number, clean_shipment
from bot.ingest.intake import Intake, place_of_checkpoint, place_of_shipment
from bot.placing import Nobodys, Placing, Told
from bot.sources.reports import CheckpointReport, Page, ShipmentReport
from storage import journeys, set_aside
from storage.journeys import StoredCheckpoint

Cleaned = tuple[CheckpointReport, str, StoredCheckpoint]
"""As it was told, its number, and as it is stored."""


def sort_out(intake: Intake, page: Page) -> Sequence[Told]:
    """What the page tells, by shipment. What belongs to nobody, or is broken, is set aside."""
    reports = _clean_shipments(intake, page.shipments)
    checkpoints = _clean_checkpoints(intake, page.checkpoints)
    if not reports and not checkpoints:
        return ()
    journeys.take_turn(intake.session)
    numbers = {report.tracking_number for report in reports}
    numbers.update(number for _, number, _ in checkpoints)
    stored = journeys.by_numbers(intake.session, sorted(numbers))
    placing = Placing(intake.matcher, intake.source_key, intake.now, stored)
    _place_shipments(intake, placing, reports)
    _place_checkpoints(intake, placing, checkpoints)
    return placing.told()


def _clean_shipments(intake: Intake, reports: Sequence[ShipmentReport]) -> list[ShipmentReport]:
    cleaned = []
    for report in reports:
        try:
            cleaned.append(clean_shipment(report, clean_number(report.tracking_number)))
        except Unfit as unfit:
            intake.set_aside(place_of_shipment(report.tracking_number), str(unfit), report)
    return cleaned


def _clean_checkpoints(intake: Intake, reports: Sequence[CheckpointReport]) -> list[Cleaned]:
    cleaned = []
    numbers: dict[str, str] = {}  # each is told of many times
    source_key, now = intake.source_key, intake.now
    for report in reports:
        try:
            told = report.tracking_number
            number = numbers.get(told) or numbers.setdefault(told, clean_number(told))
            cleaned.append((report, number, clean_checkpoint(report, source_key, now)))
        except Unfit as unfit:
            intake.set_aside(place_of_checkpoint(report), str(unfit), report)
    return cleaned


def _place_shipments(intake: Intake, placing: Placing, reports: Sequence[ShipmentReport]) -> None:
    # Names first: within a page, what tells most must not depend on the order of lines.
    for report in sorted(reports, key=lambda report: not report.partner):
        number = report.tracking_number
        told = placing.named(number, report.partner) if report.partner else placing.reported(report)
        place = place_of_shipment(number)
        if isinstance(told, Nobodys):
            _set_aside_nobodys(intake, told, number, place, report)
        else:
            told.reports.append(report)
            intake.take(place)


def _place_checkpoints(intake: Intake, placing: Placing, checkpoints: Sequence[Cleaned]) -> None:
    # Names first, as with shipments: what tells most must not depend on the order of lines.
    unnamed = []
    found: dict[str, Told | Nobodys] = {}
    for each in checkpoints:
        report, number, _ = each
        if report.partner:
            _tell(intake, placing.named(number, report.partner), each)
        else:
            unnamed.append(each)
    for each in unnamed:
        number = each[1]
        told = found.get(number)
        if told is None:
            told = found[number] = placing.seen(number)
        _tell(intake, told, each)


def _tell(intake: Intake, told: Told | Nobodys, cleaned: Cleaned) -> None:
    report, number, checkpoint = cleaned
    if isinstance(told, Nobodys):
        _set_aside_nobodys(intake, told, number, place_of_checkpoint(report), report)
    else:
        told.checkpoints.append(checkpoint)
        if report.estimated_on is not None:
            told.estimated_days.append((checkpoint.occurred_at, report.estimated_on))


def _set_aside_nobodys(
    intake: Intake,
    nobodys: Nobodys,
    number: str,
    place: str,
    report: ShipmentReport | CheckpointReport,
) -> None:
    where = place if nobodys.is_known else set_aside.unplaced(number)
    intake.set_aside(where, nobodys.reason, report)
