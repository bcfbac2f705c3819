"""What ticks when. APScheduler only ticks: what is due stands in the database."""

from collections.abc import Awaitable, Callable

import anyio
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[None]]


class Ticker:
    """Runs each job again and again: never two of one kind at once, a late one is not dropped,
    and several missed ones are one."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._running = 0
        self._is_idle = anyio.Event()

    def every(self, seconds: float, name: str, job: Job) -> None:
        async def tick() -> None:
            self._running += 1
            try:
                await job()
            finally:
                self._running -= 1
                if not self._running:
                    self._is_idle.set()

        self._scheduler.add_job(tick, "interval", seconds=seconds, id=name, name=name)

    def start(self) -> None:
        self._scheduler.start()

    async def drain(self, seconds: float) -> None:
        """No new tick; what runs may finish, but not for longer than this."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        with anyio.move_on_after(seconds):
            while self._running:
                self._is_idle = anyio.Event()
                await self._is_idle.wait()
        self._scheduler.shutdown(wait=False)
