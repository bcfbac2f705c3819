"""The lines of a folder's files: which columns they have, and what they report.

docs/files.md describes the columns to whoever writes the files."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, ClassVar, Generic, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from bot.sources.lenient import excerpt
from bot.sources.reports import CheckpointReport, MeasurementReport, Promise, ShipmentReport
from bot.sources.spelling import word_of, yes_or_no
from bot.sources.times import END_OF_DAY, MIDNIGHT, NOON, at, parse_moment, split
from storage.vocabulary import PromiseBasis, Reason, Status

DELIMITERS = (",", ";", "\t")

Record = ShipmentReport | CheckpointReport | MeasurementReport
RowT = TypeVar("RowT", bound=BaseModel)

_ZONES = available_timezones()
_SYNONYMS = {
    "order_ref": "order_reference",
    "order_reference": "order_ref",
    "eta": "estimated_at",
    "estimated_at": "eta",
}
"""Where a line has no such column: one export serves both those who watch and those who replay."""


class HeaderError(Exception):
    """A file cannot be read at all; the text says why and what to change."""


class RowError(Exception):
    """A line cannot be taken; the text says why."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the lines of a file lean on."""

    zone: ZoneInfo
    """Of times without an offset."""
    written_at: datetime
    """Stands in for the age of what carries none."""


def excerpt_of(line: bytes) -> str:
    text = line.strip().decode("utf-8", "backslashreplace")
    return excerpt("".join(character if character.isprintable() else "�" for character in text))


def _zone(info: ValidationInfo) -> ZoneInfo:
    facts = info.context
    assert isinstance(facts, FileFacts)  # noqa: S101
    return facts.zone


def _moment(value: object, info: ValidationInfo) -> object:
    return parse_moment(value, _zone(info)) if isinstance(value, str) else value


def _instant_at(hour: time) -> Callable[[object, ValidationInfo], object]:
    def instant(value: object, info: ValidationInfo) -> object:
        moment = _moment(value, info)
        if isinstance(moment, date) and not isinstance(moment, datetime):
            return at(moment, hour, _zone(info))
        return moment

    return instant


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("holds a control character")
    return text


def _is_zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError(f"{name!r} is no IANA time zone like Africa/Lagos")
    return name


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(max_length=500), AfterValidator(_plain)]
Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(_plain)]
Zone = Annotated[str, AfterValidator(_is_zone)]
Metric = Annotated[
    str, BeforeValidator(_lower), StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)
]
Currency = Annotated[
    str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$"), AfterValidator(_plain)
]
Number = Annotated[float, Field(allow_inf_nan=False)]
Amount = Annotated[float, Field(allow_inf_nan=False, ge=0)]
DateOrInstant = Annotated[datetime | date, BeforeValidator(_moment)]
FromStartOfDay = Annotated[datetime, BeforeValidator(_instant_at(MIDNIGHT))]
ToEndOfDay = Annotated[datetime, BeforeValidator(_instant_at(END_OF_DAY))]
AroundNoon = Annotated[datetime, BeforeValidator(_instant_at(NOON))]
"""A day without a time: noon lies on that day in nearly every zone."""
StatusWord = Annotated[Status, BeforeValidator(word_of(Status, "status"))]
ReasonWord = Annotated[Reason, BeforeValidator(word_of(Reason, "reason"))]
YesOrNo = Annotated[bool, BeforeValidator(yes_or_no)]


class _ShipmentRow(BaseModel):
    file_kind: ClassVar = "shipments"

    tracking_number: Name
    partner: Name
    carrier: Text | None = None
    service: Text | None = None
    order_reference: Text | None = None
    origin: Text | None = None
    destination: Text | None = None
    destination_zone: Zone | None = None
    ordered_at: FromStartOfDay | None = None
    ship_by: ToEndOfDay | None = None
    announced_at: FromStartOfDay | None = None
    promised_at: DateOrInstant | None = None
    estimated_at: DateOrInstant | None = None
    value: Amount | None = None
    currency: Currency | None = None
    quantity: Amount | None = None
    mode: Text | None = None
    priority: Text | None = None
    account: Text | None = None
    item: Text | None = None
    is_return: YesOrNo | None = None
    status: StatusWord | None = None
    as_of: FromStartOfDay | None = None

    def report(self, facts: FileFacts) -> ShipmentReport:
        return ShipmentReport(
            tracking_number=self.tracking_number,
            as_of=self.as_of or facts.written_at,
            partner=self.partner,
            carrier=self.carrier,
            service=self.service,
            order_reference=self.order_reference,
            origin=self.origin,
            destination=self.destination,
            destination_zone=self.destination_zone,
            ordered_at=self.ordered_at,
            ship_by=self.ship_by,
            announced_at=self.announced_at,
            promise=None
            if self.promised_at is None
            else Promise(self.promised_at, PromiseBasis.ORDER),
            estimated=self.estimated_at,
            status=self.status,
            value=self.value,
            currency=self.currency,
            quantity=self.quantity,
            mode=self.mode,
            priority=self.priority,
            account=self.account,
            item=self.item,
            is_return=self.is_return,
        )


class _CheckpointRow(BaseModel):
    file_kind: ClassVar = "checkpoints"

    tracking_number: Name
    occurred_at: AroundNoon
    status: StatusWord
    partner: Name | None = None
    code: Text | None = None
    description: Text | None = None
    location: Text | None = None
    reason: ReasonWord | None = None
    estimated_at: DateOrInstant | None = None
    quantity: Amount | None = None
    recorded_at: FromStartOfDay | None = None

    def report(self, _facts: FileFacts) -> CheckpointReport:
        estimated_at, estimated_on = split(self.estimated_at)
        return CheckpointReport(
            tracking_number=self.tracking_number,
            occurred_at=self.occurred_at,
            status=self.status,
            reason=self.reason,
            raw_code=self.code,
            raw_text=self.description,
            location=self.location,
            estimated_at=estimated_at,
            estimated_on=estimated_on,
            quantity=self.quantity,
            recorded_at=self.recorded_at,
            partner=self.partner,
        )


class _MeasurementRow(BaseModel):
    file_kind: ClassVar = "kpis"

    partner: Name
    metric: Metric
    period_start: date
    period_end: date
    numerator: Number
    denominator: Amount
    measured_at: FromStartOfDay | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.period_end < self.period_start:
            raise ValueError("period_end is before period_start")
        return self

    def report(self, facts: FileFacts) -> MeasurementReport:
        return MeasurementReport(
            partner=self.partner,
            metric=self.metric,
            period_start=self.period_start,
            period_end=self.period_end,
            numerator=self.numerator,
            denominator=self.denominator,
            measured_at=self.measured_at or facts.written_at,
        )


FolderRow = _ShipmentRow | _CheckpointRow | _MeasurementRow
_ROWS: tuple[type[FolderRow], ...] = (_ShipmentRow, _CheckpointRow, _MeasurementRow)

FILE_KINDS = tuple(row.file_kind for row in _ROWS)


@dataclass(frozen=True, slots=True)
class Layout(Generic[RowT]):
    """Which field of a line is which column."""

    row: type[RowT]
    delimiter: str
    columns: tuple[str, ...]

    def record(self: "Layout[FolderRow]", line: bytes, facts: FileFacts) -> Record:
        """What the line reports. RowError says why it reports nothing."""
        return self.read(line, facts).report(facts)

    def read(self, line: bytes, facts: FileFacts) -> RowT:
        """The line as it is written. RowError says why it can't be taken."""
        fields = _split(line, self.delimiter)
        if len(fields) != len(self.columns):
            raise RowError(f"has {len(fields)} fields where the header has {len(self.columns)}")
        values = {
            column: text.strip()
            for column, text in zip(self.columns, fields, strict=True)
            if text.strip()
        }
        try:
            return self.row.model_validate(values, context=facts)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            raise RowError(
                "; ".join(_explain(fault["loc"], fault["msg"]) for fault in faults)
            ) from None


def layout_of(file_name: str, header: bytes) -> Layout[FolderRow]:
    """By the file's name and first line. HeaderError says why it cannot be read."""
    row: type[FolderRow] = next(row for row in _ROWS if file_name.lower().startswith(row.file_kind))
    return layout_for(row, row.file_kind, header)


def layout_for(row: type[RowT], file_kind: str, header: bytes) -> Layout[RowT]:
    """Of lines of this shape. HeaderError says why they cannot be read."""
    header = header.removeprefix(b"\xef\xbb\xbf")
    layouts = []
    for delimiter in DELIMITERS:
        try:
            columns = tuple(_column(text, row) for text in _split(header, delimiter))
        except RowError as error:
            fault = error
        else:
            layouts.append(Layout(row, delimiter, columns))
    if not layouts:
        raise HeaderError(f"the header {fault}; {_expected(row, file_kind)}")
    layout = max(layouts, key=lambda layout: len(set(layout.columns) & set(row.model_fields)))
    missing = [
        name
        for name, column in row.model_fields.items()
        if column.is_required() and name not in layout.columns
    ]
    if missing:
        raise HeaderError(f"the header lacks {', '.join(missing)}; {_expected(row, file_kind)}")
    known = [column for column in layout.columns if column in row.model_fields]
    if len(set(known)) < len(known):
        twice = next(column for column in known if known.count(column) > 1)
        raise HeaderError(f"the header names {twice} twice: keep one of them")
    return layout


def _column(text: str, row: type[BaseModel]) -> str:
    name = "_".join(text.strip().lower().split())
    if name in row.model_fields:
        return name
    synonym = _SYNONYMS.get(name)
    return name if synonym is None or synonym not in row.model_fields else synonym


def _expected(row: type[BaseModel], file_kind: str) -> str:
    required = (name for name, column in row.model_fields.items() if column.is_required())
    return f"the first line of a {file_kind} file names its columns, at least {','.join(required)}"


def _split(line: bytes, delimiter: str) -> list[str]:
    try:
        text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise RowError("is not UTF-8: save the file as UTF-8") from None
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise RowError(
            f"is not valid CSV ({error}): quotes must be closed on the same line, and doubled "
            "within a field"
        ) from None


def _explain(path: tuple[int | str, ...], message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not path:
        return message
    return f"{path[0]}: {'is empty' if message == 'Field required' else message}"
