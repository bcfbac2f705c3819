"""The workspace misbehaving on request."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "rate_limited",
    "refused",
    "server_error",
    "drop_before",
    "drop_after",
    "slow",
    "held",
    "lagging_history",
]


class Fault(BaseModel):
    """`times` times, or with `probability` (drawn from `seed`) for as long as it is set.

    `method` None: any method; `channel` None: any channel. `seconds`: Retry-After of a 429, how
    slow a slow answer is, or how long a lagging history lags.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    method: str | None = None
    channel: str | None = None
    times: int | None = Field(default=None, ge=1)
    probability: float = Field(default=1.0, ge=0, le=1)
    seed: int = 0
    seconds: float = Field(default=1.0, ge=0)
    code: str = "internal_error"  # of a refusal


class _Armed:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._left = fault.times
        self._random = Random(fault.seed)  # noqa: S311 - which call fails is no secret

    @property
    def is_spent(self) -> bool:
        return self._left == 0

    def strikes(self, method: str, channel: str | None) -> bool:
        fault = self.fault
        if self.is_spent or fault.method not in (None, method):
            return False
        if fault.channel not in (None, channel):
            return False
        if fault.probability < 1 and self._random.random() >= fault.probability:
            return False
        if self._left is not None:
            self._left -= 1
        return True


class Faults:
    """What is to go wrong, and what of it has (`struck`: times by kind)."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._armed: list[_Armed] = []
        self._hidden_until: dict[tuple[str, str], float] = {}
        self._released = asyncio.Event()
        self.refused_blocks: set[str] = set()
        self.struck: dict[str, int] = {}

    def arm(self, fault: Fault) -> None:
        self._armed.append(_Armed(fault))

    def rate_limit(
        self,
        method: str,
        *,
        channel: str | None = None,
        times: int | None = 1,
        seconds: float = 1.0,
    ) -> None:
        """The next `times` calls (None: all) answer 429 with Retry-After `seconds`."""
        self.arm(
            Fault(kind="rate_limited", method=method, channel=channel, times=times, seconds=seconds)
        )

    def refuse(
        self, method: str, code: str, *, channel: str | None = None, times: int | None = 1
    ) -> None:
        """The next `times` calls answer with Slack's error `code` (restricted_action, ...)."""
        self.arm(Fault(kind="refused", method=method, channel=channel, times=times, code=code))

    def fail(self, method: str, *, channel: str | None = None, times: int | None = 1) -> None:
        """The next `times` calls answer 500."""
        self.arm(Fault(kind="server_error", method=method, channel=channel, times=times))

    def drop_before(
        self, method: str, *, channel: str | None = None, times: int | None = 1
    ) -> None:
        """The connection is cut before anything happened."""
        self.arm(Fault(kind="drop_before", method=method, channel=channel, times=times))

    def drop_after(self, method: str, *, channel: str | None = None, times: int | None = 1) -> None:
        """The call is carried out, the connection is cut instead of an answer."""
        self.arm(Fault(kind="drop_after", method=method, channel=channel, times=times))

    def slow(
        self,
        method: str,
        *,
        seconds: float,
        channel: str | None = None,
        times: int | None = 1,
    ) -> None:
        """The call is carried out, the answer comes `seconds` later."""
        self.arm(Fault(kind="slow", method=method, channel=channel, times=times, seconds=seconds))

    def hold(self, method: str, *, channel: str | None = None) -> None:
        """The next call is carried out, the answer comes when it is released, or all is cleared."""
        self._released.clear()
        self.arm(Fault(kind="held", method=method, channel=channel, times=1))

    def release(self) -> None:
        self._released.set()

    async def until_released(self) -> None:
        await self._released.wait()

    def lag_history(
        self, *, seconds: float, channel: str | None = None, times: int | None = None
    ) -> None:
        """New messages stay out of conversations.history and .replies for `seconds`."""
        self.arm(Fault(kind="lagging_history", channel=channel, times=times, seconds=seconds))

    def refuse_blocks(self, *types: str) -> None:
        """These types of block aren't rolled out here: they are answered with invalid_blocks."""
        self.refused_blocks |= set(types)

    def clear(self) -> None:
        self._armed.clear()
        self.refused_blocks.clear()
        self._hidden_until.clear()
        self.release()

    def strike(self, kind: FaultKind, method: str, channel: str | None) -> Fault | None:
        """The fault that befalls this call, counted, or None."""
        for armed in self._armed:
            if armed.fault.kind == kind and armed.strikes(method, channel):
                self.struck[kind] = self.struck.get(kind, 0) + 1
                self._armed = [each for each in self._armed if not each.is_spent]
                return armed.fault
        return None

    def note_post(self, channel: str, ts: str) -> None:
        """A message was posted: keep it out of the history if that is to lag."""
        fault = self.strike("lagging_history", "chat.postMessage", channel)
        if fault is not None:
            self._hidden_until[channel, ts] = self._monotonic() + fault.seconds

    def hides(self, channel: str, ts: str) -> bool:
        until = self._hidden_until.get((channel, ts))
        return until is not None and self._monotonic() < until
