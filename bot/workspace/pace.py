"""How fast Slack takes calls.

Posts: a bucket per channel that refills at one a second and holds a short burst, and a window of
a minute over the whole workspace. Everything else: a window of a minute per method, as wide as
the method's tier. A refused call doesn't count, and its Retry-After is when the next one fits.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from math import ceil

from bot.workspace.errors import SlackError
from bot.workspace.setup import PaceSetup

WINDOW_SECONDS = 60.0
ROUNDING_SECONDS = 1e-9  # who waits exactly as long as told is not early


def rate_limited(retry_after: float) -> SlackError:
    """Slack's 429; Retry-After is whole seconds, at least one."""
    return SlackError(
        "ratelimited", status=429, headers={"Retry-After": str(max(1, ceil(retry_after)))}
    )


class _Window:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        while self._calls and self._calls[0] + WINDOW_SECONDS - now <= ROUNDING_SECONDS:
            self._calls.popleft()
        if len(self._calls) < self._limit:
            return 0.0
        return self._calls[0] + WINDOW_SECONDS - now

    def take(self, now: float) -> None:
        self._calls.append(now)


class _Bucket:
    def __init__(self, per_second: float, size: int, now: float) -> None:
        self._per_second = per_second
        self._size = size
        self._level = float(size)
        self._at = now

    def wait(self, now: float) -> float:
        self._level = min(self._size, self._level + (now - self._at) * self._per_second)
        self._at = now
        missing = 1.0 - self._level
        return 0.0 if missing <= ROUNDING_SECONDS else missing / self._per_second

    def take(self) -> None:
        self._level -= 1.0


class Pace:
    """Counts calls; `monotonic` gives seconds."""

    def __init__(self, setup: PaceSetup, monotonic: Callable[[], float]) -> None:
        self._setup = setup
        self._monotonic = monotonic
        self._methods: dict[str, _Window] = {}
        self._channels: dict[str, _Bucket] = {}
        self._posts = _Window(setup.workspace_posts_per_minute)
        self.refused: dict[str, int] = defaultdict(int)  # method -> answers of 429

    def take_call(self, method: str, tier: int) -> None:
        """Raises ratelimited if the method had its share of this minute."""
        limit = self._setup.tier_per_minute[tier]
        window = self._methods.setdefault(method, _Window(limit))
        now = self._monotonic()
        wait = window.wait(now)
        if wait > 0:
            self.refused[method] += 1
            raise rate_limited(wait)
        window.take(now)

    def take_post(self, channel: str) -> None:
        """Raises ratelimited if this channel, or the workspace, had its share of posts."""
        now = self._monotonic()
        bucket = self._channels.get(channel)
        if bucket is None:
            bucket = _Bucket(self._setup.posts_per_second, self._setup.post_burst, now)
            self._channels[channel] = bucket
        wait = max(bucket.wait(now), self._posts.wait(now))
        if wait > 0:
            self.refused["chat.postMessage"] += 1
            raise rate_limited(wait)
        bucket.take()
        self._posts.take(now)
