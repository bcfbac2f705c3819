"""How fast Slack lets us speak: what it says in a 429 is obeyed for what it covers, and for nothing
else."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from storage.vocabulary import OutboxMethod

SECONDS_BETWEEN_POSTS = 1.02  # per channel; Slack allows about one a second
MADE_UP_FOR = 0.5  # seconds by which a post was late, and the next may be sooner
SAID_AT_ONCE = 50  # calls under way at the same time

# What a bucket holds at first, and gets in a minute, is together what Slack allows in a minute.
POSTS_IN_A_BURST, SECONDS_BETWEEN_ANY_POSTS = 14, 0.215  # several hundred a minute in all channels
EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS = 4, 1.31  # chat.update is tier 3: 50 a minute
LOOKS_IN_A_BURST, SECONDS_BETWEEN_LOOKS = 4, 1.31  # conversations.history too
FILES_IN_A_BURST, SECONDS_BETWEEN_FILES = 8, 0.66  # each step is tier 4: 100 a minute
SECONDS_REMEMBERED = 60.0  # what was said before no longer counts

LOOKING = OutboxMethod.TIDY  # whoever looks calls what this calls
_IN_A_CHANNEL = (OutboxMethod.POST, OutboxMethod.REPLY, OutboxMethod.FILE)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that this process or another began to say."""

    method: OutboxMethod
    lane: str
    seconds_ago: float


class _Bucket:
    """Lets so many through at once, and one more after each pause."""

    def __init__(self, burst: int, pause: float, monotonic: Callable[[], float]) -> None:
        self._burst = burst
        self._pause = pause
        self._monotonic = monotonic
        self._left = float(burst)
        self._counted_at = monotonic()

    def left(self) -> int:
        return max(int(self._level()), 0)

    def take(self) -> None:
        self._left -= 1

    def heed(self, taken_ago: Sequence[float]) -> None:
        """Others take from it too: no more is left than when all this was taken, so many seconds
        ago, the earliest first."""
        left, before = float(self._burst), SECONDS_REMEMBERED
        for ago in taken_ago:
            left = min(left + (before - ago) / self._pause, self._burst) - 1
            before = ago
        self._left = min(self._level(), left + before / self._pause)

    def _level(self) -> float:
        now = self._monotonic()
        self._left = min(self._left + (now - self._counted_at) / self._pause, self._burst)
        self._counted_at = now
        return self._left


class Pace:
    """Which lanes and methods must wait. Posts, replies and files are paced by channel, and all
    together; edits by the whole workspace, in short bursts so that an answer to a click need not
    wait."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, tempo: float = 1.0) -> None:
        """`tempo`: seconds of `monotonic` in a second of the world."""
        self._monotonic = monotonic
        self._tempo = tempo
        self._lane_free_at: dict[str, float] = {}
        self._method_free_at: dict[OutboxMethod, float] = {}
        self._posts = _Bucket(POSTS_IN_A_BURST, SECONDS_BETWEEN_ANY_POSTS, monotonic)
        self._edits = _Bucket(EDITS_IN_A_BURST, SECONDS_BETWEEN_EDITS, monotonic)
        self._looks = _Bucket(LOOKS_IN_A_BURST, SECONDS_BETWEEN_LOOKS, monotonic)
        self._files = _Bucket(FILES_IN_A_BURST, SECONDS_BETWEEN_FILES, monotonic)

    @property
    def remembers(self) -> float:
        """For how many seconds of the world what was said counts."""
        return SECONDS_REMEMBERED / self._tempo

    def heed(self, said: Iterable[Said]) -> None:
        """What all processes on this database said of late, in seconds of the world, the earliest
        first: Slack counts them together."""
        in_lane: defaultdict[str, list[float]] = defaultdict(list)
        of_bucket: defaultdict[_Bucket, list[float]] = defaultdict(list)
        for each in said:
            ago = each.seconds_ago * self._tempo
            of_bucket[self._bucket(each.method)].append(ago)
            if each.method in _IN_A_CHANNEL:
                in_lane[each.lane].append(ago)
        for bucket, taken_ago in of_bucket.items():
            bucket.heed(taken_ago)
        now = self._monotonic()
        for lane, spoken_ago in in_lane.items():
            free_at = -SECONDS_REMEMBERED
            for ago in spoken_ago:
                free_at = max(free_at, -ago - MADE_UP_FOR) + SECONDS_BETWEEN_POSTS
            self._lane_free_at[lane] = max(self._lane_free_at.get(lane, 0), now + free_at)

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
            OutboxMethod.FILE: self._files.left(),
            OutboxMethod.EDIT: self._edits.left(),
            OutboxMethod.TIDY: self._looks.left(),
        }
        return {
            method: limit
            for method, limit in most.items()
            if limit and self._method_free_at.get(method, 0) <= now
        }

    def spoke(self, method: OutboxMethod, lane: str) -> None:
        self._bucket(method).take()
        if method in _IN_A_CHANNEL:
            earliest = self._monotonic() - MADE_UP_FOR
            was_free_at = max(self._lane_free_at.get(lane, earliest), earliest)
            self._lane_free_at[lane] = was_free_at + SECONDS_BETWEEN_POSTS

    def may_look(self) -> bool:
        """Whether to look into a history at this moment; if so, that is counted."""
        if not self._looks.left() or self._method_free_at.get(LOOKING, 0) > self._monotonic():
            return False
        self._looks.take()
        return True

    def hold(self, method: OutboxMethod, lane: str, seconds: float) -> None:
        """Slack said 429: a post's limit is the channel's, another's the method's."""
        free_at = self._monotonic() + seconds
        if method in (OutboxMethod.POST, OutboxMethod.REPLY):
            self._lane_free_at[lane] = free_at
        else:
            self._method_free_at[method] = free_at

    def hold_all(self, seconds: float) -> None:
        """Slack hears nothing from us at all at present."""
        free_at = self._monotonic() + seconds
        self._method_free_at = dict.fromkeys(OutboxMethod, free_at)

    def _bucket(self, method: OutboxMethod) -> _Bucket:
        match method:
            case OutboxMethod.EDIT:
                return self._edits
            case OutboxMethod.TIDY:
                return self._looks
            case OutboxMethod.FILE:
                return self._files
            case _:
                return self._posts
