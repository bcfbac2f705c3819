"""The rows that are read and written past the models have the models' columns."""

from dataclasses import fields
from types import UnionType
from typing import get_args, get_type_hints

import pytest
from sqlmodel import SQLModel

from storage.cases import PastEvent
from storage.checkpoints import ToldCheckpoint
from storage.estimates import ToldEstimate
from storage.journeys import StoredCheckpoint, StoredEstimate, StoredShipment
from storage.shipments import JudgedShipment, ShownShipment
from storage.tables import CaseEvent, Checkpoint, Estimate, Shipment


def _fields(model: type[SQLModel]) -> dict[str, object]:
    """But for whether the id is there yet."""
    return {name: _without_none(hint) for name, hint in _hints(model).items() if name != "id"}


def _hints(model: type) -> dict[str, object]:
    hints = get_type_hints(model)
    return {name: hints[name] for name in hints if not name.startswith(("_", "model_"))}


def _without_none(hint: object) -> object:
    if isinstance(hint, UnionType):
        kept = [each for each in get_args(hint) if each is not type(None)]
        return (kept[0], None) if len(kept) < len(get_args(hint)) else hint
    return hint


def _columns(model: type[SQLModel]) -> dict[str, object]:
    columns = SQLModel.metadata.tables[str(model.__tablename__)].columns
    return {name: hint for name, hint in _fields(model).items() if name in columns}


def test_a_stored_shipment_has_every_column_of_its_table_and_no_other() -> None:
    stored = get_type_hints(StoredShipment)
    names = [each.name for each in fields(StoredShipment)]
    table = SQLModel.metadata.tables[str(Shipment.__tablename__)]
    assert sorted(names) == sorted(table.columns.keys())
    assert {name: _without_none(stored[name]) for name in names if name != "id"} == _columns(
        Shipment
    )


def test_its_json_is_the_last_column() -> None:
    """It is written apart from the others."""
    table = SQLModel.metadata.tables[str(Shipment.__tablename__)]
    assert table.columns.keys()[-1] == "provenance"


@pytest.mark.parametrize(
    ("stored", "model"),
    [(StoredCheckpoint, Checkpoint), (StoredEstimate, Estimate)],
)
def test_what_belongs_to_a_shipment_has_all_columns_but_the_shipment(
    stored: type[StoredCheckpoint | StoredEstimate], model: type[SQLModel]
) -> None:
    columns = _columns(model)
    del columns["shipment_id"]
    assert {name: _without_none(hint) for name, hint in get_type_hints(stored).items()} == columns


@pytest.mark.parametrize(
    ("read", "model"),
    [
        (JudgedShipment, Shipment),
        (ShownShipment, Shipment),
        (ToldCheckpoint, Checkpoint),
        (ToldEstimate, Estimate),
        (PastEvent, CaseEvent),
    ],
)
def test_what_is_judged_or_shown_is_read_from_columns_that_there_are(
    read: type[JudgedShipment | ShownShipment | ToldCheckpoint | ToldEstimate | PastEvent],
    model: type[SQLModel],
) -> None:
    columns = SQLModel.metadata.tables[str(model.__tablename__)].columns
    assert set(read._fields) <= set(columns.keys())
