"""How fast Slack lets us speak, kept in this process: what it says in a 429 is obeyed for what it
covers, and for nothing else."""

import time
from collections.abc import Callable, Collection

from storage.vocabulary import OutboxMethod

SECONDS_BETWEEN_POSTS = 1.05  # per channel; Slack allows about one a second
SECONDS_BETWEEN_EDITS = 1.2  # chat.update is tier 3: 50 a minute
EDITS_IN_A_BURST = 10
SAID_AT_ONCE = 50  # calls under way at the same time


class Pace:
    """Which lanes and methods must wait. Posts and replies are paced by channel, edits by the
    whole workspace, in short bursts so that an answer to a click need not wait."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lane_free_at: dict[str, float] = {}
        self._method_free_at: dict[OutboxMethod, float] = {}
        self._edits_left = float(EDITS_IN_A_BURST)
        self._edits_counted_at = monotonic()

    def waiting_lanes(self) -> Collection[str]:
        now = self._monotonic()
        self._lane_free_at = {lane: at for lane, at in self._lane_free_at.items() if at > now}
        return self._lane_free_at.keys()

    def allowance(self) -> dict[OutboxMethod, int]:
        """How many messages of each method may be said at this moment."""
        now = self._monotonic()
        most = {
            OutboxMethod.POST: SAID_AT_ONCE,
            OutboxMethod.REPLY: SAID_AT_ONCE,
            OutboxMethod.EDIT: self.edits_allowed(),
        }
        return {
            method: limit
            for method, limit in most.items()
            if limit and self._method_free_at.get(method, 0) <= now
        }

    def edits_allowed(self) -> int:
        """How many edits may be sent at this moment."""
        now = self._monotonic()
        earned = (now - self._edits_counted_at) / SECONDS_BETWEEN_EDITS
        self._edits_left = min(self._edits_left + earned, EDITS_IN_A_BURST)
        self._edits_counted_at = now
        return int(self._edits_left)

    def spoke(self, method: OutboxMethod, lane: str) -> None:
        if method is OutboxMethod.EDIT:
            self._edits_left -= 1
        else:
            self._lane_free_at[lane] = self._monotonic() + SECONDS_BETWEEN_POSTS

    def hold(self, method: OutboxMethod, lane: str, seconds: float) -> None:
        """Slack said 429: a post's limit is the channel's, an edit's the method's."""
        free_at = self._monotonic() + seconds
        if method is OutboxMethod.EDIT:
            self._method_free_at[method] = free_at
        else:
            self._lane_free_at[lane] = free_at

    def hold_all(self, seconds: float) -> None:
        """Slack hears nothing from us at all at present."""
        free_at = self._monotonic() + seconds
        self._method_free_at = dict.fromkeys(OutboxMethod, free_at)
