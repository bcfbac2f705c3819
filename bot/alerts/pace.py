"""How fast Slack lets us speak, kept in this process: what it says in a 429 is obeyed for what it
covers, and for nothing else."""

import time
from collections.abc import Callable, Collection

from storage.vocabulary import OutboxMethod

SECONDS_BETWEEN_POSTS = 1.02  # per channel; Slack allows about one a second
MADE_UP_FOR = 0.5  # seconds by which a post was late, and the next may be sooner
SAID_AT_ONCE = 50  # calls under way at the same time

# What a bucket holds at first, and gets in a minute, is together what Slack allows in a minute.
POSTS_IN_A_BURST, SECONDS_BETWEEN_ANY_POSTS = 14, 0.22  # several hundred a minute in all channels
EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS = 4, 1.31  # chat.update is tier 3: 50 a minute
LOOKS_IN_A_BURST, SECONDS_BETWEEN_LOOKS = 4, 1.31  # conversations.history too


class _Bucket:
    """Lets so many through at once, and one more after each pause."""

    def __init__(self, burst: int, pause: float, monotonic: Callable[[], float]) -> None:
        self._burst = burst
        self._pause = pause
        self._monotonic = monotonic
        self._left = float(burst)
        self._counted_at = monotonic()

    def left(self) -> int:
        now = self._monotonic()
        self._left = min(self._left + (now - self._counted_at) / self._pause, self._burst)
        self._counted_at = now
        return max(int(self._left), 0)

    def take(self) -> None:
        self._left -= 1


class Pace:
    """Which lanes and methods must wait. Posts and replies are paced by channel, and all together;
    edits by the whole workspace, in short bursts so that an answer to a click need not wait."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lane_free_at: dict[str, float] = {}
        self._method_free_at: dict[OutboxMethod, float] = {}
        self._posts = _Bucket(POSTS_IN_A_BURST, SECONDS_BETWEEN_ANY_POSTS, monotonic)
        self._edits = _Bucket(EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS, monotonic)
        self._looks = _Bucket(LOOKS_IN_A_BURST, SECONDS_BETWEEN_LOOKS, monotonic)

    def waiting_lanes(self) -> Collection[str]:
        now = self._monotonic()
        self._lane_free_at = {
            lane: at for lane, at in self._lane_free_at.items() if at > now - MADE_UP_FOR
        }
        return {lane for lane, at in self._lane_free_at.items() if at > now}

    def allowance(self) -> dict[OutboxMethod, int]:
        """How many messages of each method may be said at this moment. Posts and replies share a
        limit: what both together exceed it by is waited for afterwards."""
        now = self._monotonic()
        posts = min(self._posts.left(), SAID_AT_ONCE)
        most = {
            OutboxMethod.POST: posts,
            OutboxMethod.REPLY: posts,
            OutboxMethod.EDIT: self._edits.left(),
            OutboxMethod.TIDY: self._looks.left(),
        }
        return {
            method: limit
            for method, limit in most.items()
            if limit and self._method_free_at.get(method, 0) <= now
        }

    def spoke(self, method: OutboxMethod, lane: str) -> None:
        if method is OutboxMethod.EDIT:
            self._edits.take()
        elif method is OutboxMethod.TIDY:
            self._looks.take()
        else:
            self._posts.take()
            earliest = self._monotonic() - MADE_UP_FOR
            was_free_at = max(self._lane_free_at.get(lane, earliest), earliest)
            self._lane_free_at[lane] = was_free_at + SECONDS_BETWEEN_POSTS

    def may_look(self) -> bool:
        """Whether to look into a history at this moment; if so, that is counted."""
        if not self._looks.left():
            return False
        self._looks.take()
        return True

    def hold(self, method: OutboxMethod, lane: str, seconds: float) -> None:
        """Slack said 429: a post's limit is the channel's, an edit's the method's."""
        free_at = self._monotonic() + seconds
        if method in (OutboxMethod.EDIT, OutboxMethod.TIDY):
            self._method_free_at[method] = free_at
        else:
            self._lane_free_at[lane] = free_at

    def hold_all(self, seconds: float) -> None:
        """Slack hears nothing from us at all at present."""
        free_at = self._monotonic() + seconds
        self._method_free_at = dict.fromkeys(OutboxMethod, free_at)
