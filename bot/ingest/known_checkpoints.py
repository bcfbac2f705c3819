"""Which of the checkpoints that are told are news. The same event told twice is one; what its
tellings differ in is taken from the first to be recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from storage.journeys import StoredCheckpoint


class NewCheckpoints(NamedTuple):
    to_write: list[StoredCheckpoint]
    whole: list[StoredCheckpoint]
    """The journey with them."""
    new_ones: int
    """How many were never heard of."""


def news_of(told: Sequence[StoredCheckpoint], known: Sequence[StoredCheckpoint]) -> NewCheckpoints:
    """Of one shipment."""
    if not known and len({checkpoint[0] for checkpoint in told}) == len(told):
        return NewCheckpoints(list(told), list(told), len(told))
    stored = {checkpoint[:2]: checkpoint for checkpoint in known}
    best: dict[tuple[datetime, str], StoredCheckpoint] = {}
    for checkpoint in told:
        key = checkpoint[:2]  # when, and what
        other = best.get(key) or stored.get(key)
        if other is None or _precedence(checkpoint) < _precedence(other):
            best[key] = checkpoint
    better = list(best.values())
    if not stored:
        return NewCheckpoints(better, better, len(better))
    return NewCheckpoints(better, list((stored | best).values()), len(best.keys() - stored.keys()))


def _precedence(checkpoint: StoredCheckpoint) -> tuple[datetime, str, str, str, float]:
    estimated_at = checkpoint.estimated_at
    return (
        checkpoint.recorded_at,
        checkpoint.source_key,
        checkpoint.reason or "",
        "" if estimated_at is None else estimated_at.isoformat(),
        checkpoint.quantity or 0.0,
    )
