"""A run of chaos: what happens in the world, what goes wrong with Slack, and who is killed."""

from collections.abc import Collection, Sequence, Sized
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import anyio
import anyio.to_thread
from sqlalchemy import select
from sqlmodel import Session, col

from bot.cases import acting
from bot.cases.changes import CaseChange
from bot.cases.on_request import Deed, carry_out
from bot.clock import SimulatedClock
from bot.viewer import Viewer
from bot.workspace import Workspace
from bot.workspace.faults import Fault
from storage import due
from storage.database import Database
from storage.tables import Case, Shipment
from storage.vocabulary import CaseKind, CaseState, DueKind, OutboxState
from tests.acceptance.chaos.bot_process import PARTNERS, BotProcess, Instructions
from tests.acceptance.chaos.hurry import HURRY
from tests.states_of_outbox import states_of_outbox

SAYING = (
    "chat.postMessage",
    "chat.update",
    "files.getUploadURLExternal",
    "upload",
    "files.completeUploadExternal",
)
LOOKING = ("conversations.history", "conversations.replies")
ALIVE_FOR = (0.2, 2.0)  # seconds between two kills
LAGS = {0.1: 6 * HURRY, 0.5: 1.6 * HURRY}
"""How often and for how long the history lags: longer than it is looked for, and shorter."""
CALM_WITHIN = 240.0  # seconds for all that is owed to be said once nothing goes wrong any more
LOOK_EVERY = 0.2  # seconds
TRUCKLOAD_EVERY, TRUCKLOAD = 25, 110
"""In how many rounds once so many of one partner are late: more than a message shows."""
OLIVIA = Viewer("U0OLIVIA", None, is_internal=True)


class NotCalm(Exception):
    """Something is still under way; the text says what."""


@dataclass(slots=True)
class Unrest:
    """What a seed makes happen."""

    instructions: Instructions
    workspace: Workspace
    database: Database
    random: Random
    kills: int = 0
    late: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)

    clock: SimulatedClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.instructions.clock()

    async def rage(self, rounds: int, victims: Sequence[BotProcess]) -> None:
        """In each round the world moves, and one of the victims is killed and started again."""
        self._arm_faults()
        for number in range(rounds):
            self._world_moves(number, await self.database.read(_numbers_of_cases))
            await anyio.to_thread.run_sync(self._people_act)
            await anyio.sleep(self.random.uniform(*ALIVE_FOR))
            victim = victims[number % len(victims)]
            victim.kill()
            self.kills += 1
            victim.start()
        self.workspace.faults.clear()

    async def calm(self) -> None:
        """Until all that happened was read, judged, and said; raises NotCalm."""
        waits_for = ["everything"]
        with anyio.move_on_after(CALM_WITHIN):
            while waits_for:
                await anyio.sleep(LOOK_EVERY)
                waits_for = await self.database.read(self._waits_for)
        if waits_for:
            raise NotCalm("; ".join(waits_for))

    def _waits_for(self, session: Session) -> list[str]:
        states = dict(_states(session))
        counts = states_of_outbox(session)
        unsaid = counts.get(OutboxState.PENDING, 0) + counts.get(OutboxState.SENDING, 0)
        unheard = [number for number in self.late if number not in states]
        open_yet = [number for number in self.delivered if states.get(number) != CaseState.RESOLVED]
        snoozed = [number for number, state in states.items() if state == CaseState.SNOOZED]
        waiting: dict[str, Sized] = {
            "never became cases": unheard,
            "arrived and are open": open_yet,
            "are snoozed": snoozed,
            "alerts are to be said": due.subjects(session, DueKind.SAY_ALERT),
            "rows wait in the outbox": range(unsaid),
        }
        return [f"{len(those)} {what}" for what, those in waiting.items() if those]

    def _arm_faults(self) -> None:
        troubles = [
            (SAYING, {"kind": "rate_limited", "probability": 0.1, "seconds": 1}),
            (SAYING, {"kind": "server_error", "probability": 0.08}),
            (SAYING, {"kind": "drop_before", "probability": 0.08}),
            (SAYING, {"kind": "drop_after", "probability": 0.15}),
            (SAYING, {"kind": "slow", "probability": 0.15, "seconds": 0.5}),
            (LOOKING, {"kind": "server_error", "probability": 0.1}),
            (LOOKING, {"kind": "drop_after", "probability": 0.1}),
        ]
        for methods, trouble in troubles:
            for method in methods:
                seeded = {"method": method, "seed": self.random.randrange(1 << 30)}
                self.workspace.faults.arm(Fault.model_validate(trouble | seeded))
        for probability, seconds in LAGS.items():
            lag = {"kind": "lagging_history", "probability": probability, "seconds": seconds}
            seeded = {"seed": self.random.randrange(1 << 30)}
            self.workspace.faults.arm(Fault.model_validate(lag | seeded))

    def _world_moves(self, number: int, noticed: Collection[str]) -> None:
        """Some shipments get late; some of those whose lateness was noticed arrive. Of one that
        arrives before it was, nobody needs to hear."""
        now = self.clock()
        promised = (now - timedelta(days=2)).isoformat()
        is_truckload = number % TRUCKLOAD_EVERY == TRUCKLOAD_EVERY // 5
        count = TRUCKLOAD if is_truckload else self.random.randint(1, 3)
        new = [f"CH-{number:04}-{each}" for each in range(count)]
        carriers = [self.random.choice(PARTNERS)] if is_truckload else PARTNERS
        rows = [
            f"{one},{self.random.choice(carriers)},SO-{one},{promised},in_transit" for one in new
        ]
        header = "tracking_number,partner,order_reference,promised_at,status"
        self._write(f"shipments-{number:04}.csv", [header, *rows])
        arrived = [
            one
            for one in self.late
            if one in noticed and one not in self.delivered and self.random.random() < 0.25
        ]
        if arrived:
            lines = [f"{one},{now.isoformat()},delivered" for one in arrived]
            header = "tracking_number,occurred_at,status"
            self._write(f"checkpoints-{number:04}.csv", [header, *lines])
        self.late += new
        self.delivered += arrived

    def _write(self, name: str, lines: Sequence[str]) -> None:
        draft = self.instructions.folder / f"{name}.draft"
        draft.write_text("\n".join(lines) + "\n")
        draft.rename(self.instructions.folder / name)

    def _people_act(self) -> None:
        """Somebody takes up, snoozes or escalates a case, as a click does."""
        deeds: list[Deed] = [acting.acknowledge, _snooze, _escalate]
        with self.database.transaction() as session:
            open_ids = session.scalars(
                select(col(Case.id)).where(col(Case.state) == CaseState.OPEN).order_by(col(Case.id))
            ).all()
            if open_ids:
                deed, case_id = self.random.choice(deeds), self.random.choice(open_ids)
                book = self.instructions.book()
                carry_out(session, deed, case_id or 0, OLIVIA, book, self.clock())


def _snooze(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
    return acting.snooze(session, case_id, viewer, now, now + timedelta(minutes=3))


def _escalate(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
    return acting.escalate(session, case_id, viewer, now, "Where is it?")


def _numbers_of_cases(session: Session) -> set[str]:
    return {number for number, _ in _states(session)}


def _states(session: Session) -> list[tuple[str, str]]:
    """Of the case of each late shipment, by tracking number."""
    rows = session.execute(
        select(col(Shipment.tracking_number), col(Case.state))
        .join(Case, col(Case.shipment_id) == col(Shipment.id))
        .where(col(Case.kind) == CaseKind.PROMISE_PASSED)
    )
    return [(number, state) for number, state in rows]
