"""A night without its source, as the channels see it."""

import gzip
from datetime import timedelta
from pathlib import Path

from storage.vocabulary import CaseKind, CaseState
from tests.acceptance.rig import START, Rig

QUARTER = timedelta(minutes=15)


def _write(folder: Path, name: str, lines: list[str]) -> None:
    (folder / name).write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))


def _move(folder: Path, to: Path) -> Path:
    return folder.rename(to)


async def _passes(rig: Rig, quarters: int) -> None:
    for _ in range(quarters):
        await rig.advance(QUARTER)


async def test_a_night_without_its_source_is_one_message_and_the_morning_tells_what_is_late(
    rig: Rig, orders_folder: Path
) -> None:
    promised = (START + timedelta(hours=2)).isoformat()
    _write(
        orders_folder,
        "shipments.csv.gz",
        [
            "tracking_number,partner,status,announced_at,promised_at",
            *(f"KP-{n},kestrel,in_transit,{START.isoformat()},{promised}" for n in (1, 2, 3)),
        ],
    )
    await _passes(rig, 1)
    hidden = _move(orders_folder, orders_folder.with_name("unmounted"))
    await _passes(rig, 40)  # ten hours

    assert rig.channel("kestrel").messages == []
    (down,) = [m for m in rig.channel("ops").messages if m.thread_ts is None]
    assert "orders" in down.says

    arrived = (START + timedelta(hours=1)).isoformat()
    _write(
        hidden,
        "checkpoints.csv.gz",
        ["tracking_number,occurred_at,status", *(f"KP-{n},{arrived},delivered" for n in (1, 2))],
    )
    _move(hidden, orders_folder)
    await _passes(rig, 1)
    await rig.tick()

    (late,) = [m for m in rig.channel("kestrel").messages if m.thread_ts is None]
    assert "KP-3" in late.says
    case = await rig.case_of("KP-3")
    assert (case.kind, case.state) == (CaseKind.PROMISE_PASSED, CaseState.OPEN)
    assert case.opened_at == rig.clock()
    assert "it answers again" in down.says
