"""One log line for each thing handled: its name and ids, never what somebody wrote."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


@contextmanager
def handled(name: str, user_id: str | None, channel: str | None) -> Iterator[None]:
    """What goes wrong inside is told by handlers.errors."""
    started = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        log.info(
            "handled",
            name=name,
            user=user_id,
            channel=channel,
            outcome=outcome,
            seconds=round(time.monotonic() - started, 3),
        )
