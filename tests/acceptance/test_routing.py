"""A book whose routes tell some cases elsewhere, or elsewhere too."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.book.telling import RoutingEntry
from bot.clock import MovableClock
from bot.workspace import Workspace
from storage.database import Database
from storage.vocabulary import CaseState
from tests.acceptance.rig import running, story_book

ROUTING = RoutingEntry.model_validate(
    {
        "match": "all",
        "routes": [
            {
                "name": "Key account",
                "when": {"customers": ["Heron Retail"]},
                "to": ["ops", "U0MARCO"],
            },
            {"name": "Dear", "when": {"value_from": 50_000, "currency": "EUR"}, "to": ["ops"]},
            {"name": "Careless", "when": {"customers": ["Heron Retail"]}, "to": ["C0BRIGHT"]},
        ],
    }
)


async def test_a_key_accounts_delay_is_told_to_its_manager_and_to_no_neighbour(
    sqlite_database: Database, orders_folder: Path, workspace: Workspace, clock: MovableClock
) -> None:
    book = story_book(orders_folder).model_copy(update={"routing": ROUTING})
    async with running(sqlite_database, orders_folder, workspace, clock, book) as rig:
        late = rig.shipment("kestrel", "KP-1", timedelta(days=-1))
        await rig.hears(
            replace(late, account="HERON retail", value=80_000, currency="EUR"),
            replace(late, tracking_number="KP-2"),
        )
        marco = rig.person("marco")
        await rig.workspace.until(lambda: len(marco.app_messages) == 1)

        in_ops = rig.alert("ops", "KP-1")
        assert "KP-1" in marco.app_messages[0].says
        assert rig.channel("kestrel").saying("KP-1") == []
        assert rig.channel("brightwater").messages == []
        assert "KP-2" in rig.alert("kestrel", "KP-2").says

        await rig.person("olivia").clicks(in_ops, "Acknowledge")
        await rig.until_state("KP-1", CaseState.ACKNOWLEDGED)
        await rig.tick()
        assert "👀" in in_ops.says
        assert "👀" in marco.app_messages[0].says
