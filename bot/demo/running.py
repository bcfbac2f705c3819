"""The demo: the real bot, between a stand-in for EasyPost and a workspace on this machine, on a
clock that makes a day of history last two seconds. The clock is the one thing that differs from
production. Everything it knows lies in one folder: killed and started again, it goes on."""

import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
from pydantic import HttpUrl, SecretStr

from bot.app import run
from bot.book import load_book
from bot.clock import Clock, SimulatedClock, SystemClock
from bot.demo.book import API_KEY_NAME, END, HISTORY_SINCE, START, Seat, demo_book
from bot.demo.company import (
    ACCOUNT_MANAGERS,
    FALLBACK_CHANNEL,
    OPS_CHANNEL,
    channel_of,
    workspace_setup,
)
from bot.demo.easypost_server import EasyPostStandIn
from bot.demo.easypost_world import WorldTrackers
from bot.demo.history import load
from bot.demo.orders_folder import OrdersFolder
from bot.demo.partners import HISTORY_NAMES, PARTNERS
from bot.demo.world import World
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.journal import alone_in

DAY_LASTS = 2.0  # seconds
SPEED = timedelta(days=1).total_seconds() / DAY_LASTS
NOTE_TIME_EVERY = 0.5  # seconds
API_KEY = "demo-key"
WORKSPACE = "workspace"  # the folder of its messages


async def run_demo(
    port: int,
    state_dir: Path,
    manifest: Path,
    announce: Callable[[str], None],
    until: datetime = END,
) -> None:
    """Runs until SIGTERM or SIGINT; its history ends at `until`. Raises OSError where the
    port is taken, JournalInUse where another demo lives in the folder."""
    time_file = state_dir / "time"
    clock = SimulatedClock(time_to_go_on_at(time_file), SystemClock()(), SPEED, until)
    world = World(load(), HISTORY_NAMES, HISTORY_SINCE)
    orders = OrdersFolder(state_dir / "orders", world, START)
    workspace = Workspace(workspace_setup(manifest), state_dir=state_dir / WORKSPACE, clock=clock)
    easypost = EasyPostStandIn(WorldTrackers(world, clock), API_KEY)

    async with AsyncExitStack() as stack:
        await workspace.start(port)
        stack.push_async_callback(workspace.stop)
        easypost_url = await easypost.start()
        stack.push_async_callback(easypost.stop)
        orders.write(clock())
        book_file = state_dir / "tallyman.yaml"
        book_file.write_text(_book(easypost_url, orders_path=state_dir / "orders"))
        book = load_book(book_file, {API_KEY_NAME: API_KEY})
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(workspace.setup.bot_token),
            slack_app_token=SecretStr(workspace.setup.app_token),
            slack_api_url=HttpUrl(workspace.api_url),
            database_url=f"sqlite:///{state_dir / 'tallyman.sqlite'}",
            tallyman_book=book_file,
            tallyman_clock_start=clock.start,
            tallyman_clock_since=clock.since,
            tallyman_clock_speed=SPEED,
            tallyman_clock_until=clock.until,
        )
        announce(workspace.url)
        async with anyio.create_task_group() as group:
            group.start_soon(orders.keep_writing, clock, NOTE_TIME_EVERY)
            group.start_soon(keep_time, time_file, clock)
            await run(settings, book)
            group.cancel_scope.cancel()


def start_afresh(state_dir: Path) -> None:
    """Forgets what earlier runs of the demo left behind. Raises JournalInUse where one still
    runs."""
    if state_dir.exists():
        lock = alone_in(state_dir / WORKSPACE)
        shutil.rmtree(state_dir)
        lock.release()


def time_to_go_on_at(time_file: Path) -> datetime:
    """Where the last run stopped, or the beginning."""
    time_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return datetime.fromisoformat(time_file.read_text())
    except (FileNotFoundError, ValueError):
        return START


async def keep_time(time_file: Path, clock: Clock) -> None:
    """Notes, again and again, a time that has not come yet: after a kill, it never goes back."""
    unfinished = time_file.with_suffix(".unfinished")
    while True:
        ahead = clock.after(2 * NOTE_TIME_EVERY)
        unfinished.write_text(ahead.astimezone(UTC).isoformat())
        unfinished.replace(time_file)
        await anyio.sleep(NOTE_TIME_EVERY)


def _book(easypost_url: str, orders_path: Path) -> str:
    return demo_book(
        ops_channel=OPS_CHANNEL,
        fallback_channel=FALLBACK_CHANNEL,
        seats={
            partner.key: Seat(channel_of(partner.key), ACCOUNT_MANAGERS[partner.key])
            for partner in PARTNERS
        },
        easypost_url=easypost_url,
        orders_path=orders_path.resolve(),
    )
