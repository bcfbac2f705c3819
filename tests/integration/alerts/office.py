"""Where delivery is tried: see Office."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.delivery import Deliverer
from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.clock import MovableClock
from bot.workspace import ChannelSetup, PersonSetup, Workspace, WorkspaceSetup
from bot.workspace.sights import Room
from storage import alerts, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MANIFEST = Path(__file__).parents[3] / "manifest.json"
CHANNEL, FALLBACK, OLIVIA = "C0HARBOUR", "C0FALLBACK", "U0OLIVIA"
ROUTINE = 2
LEASE, LOOK_FOR = Patience().lease, Patience().look_for


class Office:
    """A workspace, an outbox, and one deliverer between them, on a clock that we move."""

    def __init__(
        self,
        database: Database,
        workspace: Workspace,
        client: AsyncWebClient,
        clock: MovableClock,
    ) -> None:
        self.database = database
        self.workspace = workspace
        self.client = client
        self.clock = clock
        self.deliverer = self._deliverer("first", Patience())

    def another_deliverer(self, patience: Patience | None = None) -> Deliverer:
        """As in another process on the same database."""
        return self._deliverer("other", patience or Patience())

    def _deliverer(self, owner: str, patience: Patience) -> Deliverer:
        pace = Pace(lambda: seconds(self.clock))
        return Deliverer(self.database, self.client, FALLBACK, self.clock, owner, pace, patience)

    def owes(self, text: str, channel: str = CHANNEL, urgency: int = ROUTINE) -> int:
        """A new alert; returns its id."""
        with self.database.transaction() as session:
            alert = alerts.add(session, None, channel, self.clock())
            assert alert.id is not None
            outbox.put(
                session,
                key=f"alert:{alert.id}",
                method=OutboxMethod.POST,
                channel=channel,
                payload=payload(text),
                urgency=urgency,
                now=self.clock(),
                alert_id=alert.id,
            )
            return alert.id

    def owes_more(
        self, alert_id: int, method: OutboxMethod, text: str, urgency: int = ROUTINE
    ) -> None:
        self._owes(alert_id, method, f"{method}:{text}", payload(text), urgency)

    def owes_list(self, alert_id: int, text: str, content: str) -> None:
        """A file in the thread of an alert."""
        said: dict[str, object] = {"text": text, "file_name": "cases.csv", "content": content}
        self._owes(alert_id, OutboxMethod.FILE, "list", said, ROUTINE)

    def _owes(
        self,
        alert_id: int,
        method: OutboxMethod,
        key: str,
        said: dict[str, object],
        urgency: int,
    ) -> None:
        with self.database.transaction() as session:
            alert = alerts.get(session, alert_id)
            assert alert is not None
            outbox.put(
                session,
                key=f"alert:{alert_id}:{key}",
                method=method,
                channel=alert.channel,
                payload=said,
                urgency=urgency,
                now=self.clock(),
                alert_id=alert_id,
            )

    async def passes(self, seconds: float) -> None:
        """Time goes by, and the deliverer ticks as it does."""
        for _ in range(int(seconds)):
            self.clock.advance(timedelta(seconds=1))
            await self.deliverer.deliver_due()

    def said(self, channel: str = "harbour") -> list[str]:
        return [message.text for message in self.workspace.channel(channel).messages]

    async def deletes(self, channel: str) -> None:
        """Somebody deletes the last message of a channel."""
        last = self.workspace.channel(channel).last
        await self.client.chat_delete(channel=last.channel, ts=last.ts)

    def unsent(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return outbox.list_unsent(session)

    def dead(self) -> list[OutboxMessage]:
        with self.database.snapshot() as session:
            return outbox.list_dead(session)

    async def retries(self, dead: OutboxMessage) -> None:
        assert dead.id is not None
        assert await self.database.run(outbox.retry, dead.id, self.clock())

    def direct_messages(self) -> Room:
        """What we wrote to Olivia."""
        channel, _ = self.workspace.office.open_im(OLIVIA)
        return self.workspace.channel(channel.id)

    def states(self) -> dict[OutboxState, int]:
        with self.database.snapshot() as session:
            return states_of_outbox(session)


def seconds(clock: MovableClock) -> float:
    return clock().timestamp()


def payload(text: str) -> dict[str, object]:
    return {
        "text": text,
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
    }


@asynccontextmanager
async def opened(database: Database, manifest: Path = MANIFEST) -> AsyncIterator[Office]:
    """With two channels and Olivia."""
    setup = WorkspaceSetup(
        manifest=manifest,
        people=(PersonSetup(id=OLIVIA, name="olivia", real_name="Olivia Marsh"),),
        channels=(
            ChannelSetup(id=CHANNEL, name="harbour", members=(OLIVIA,)),
            ChannelSetup(id=FALLBACK, name="fallback", members=(OLIVIA,)),
        ),
    )
    clock = MovableClock(NOON)
    async with (
        Workspace(setup, monotonic=lambda: seconds(clock)) as workspace,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
    ):
        client = AsyncWebClient(
            token=setup.bot_token,
            base_url=workspace.api_url,
            session=session,
            retry_handlers=[],
        )
        yield Office(database, workspace, client, clock)
