"""Trigger ids: leave to open one modal, for a short while after what the person did."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.workspace.errors import SlackError

REMEMBERED_SECONDS = 600.0  # how long a dead trigger is told apart from one that never was


@dataclass(slots=True)
class Trigger:
    person: str
    view_id: str | None  # the modal that it came from, if it came from one
    issued_at: float
    is_exchanged: bool = False


class Triggers:
    def __init__(self, monotonic: Callable[[], float], lifetime: float) -> None:
        """`lifetime`: seconds."""
        self._monotonic = monotonic
        self._lifetime = lifetime
        self._issued: dict[str, Trigger] = {}

    def issue(self, person: str, view_id: str | None = None) -> str:
        now = self._monotonic()
        self._issued = {
            key: trigger
            for key, trigger in self._issued.items()
            if now - trigger.issued_at < REMEMBERED_SECONDS
        }
        number = secrets.randbelow(10**12)
        trigger_id = f"{number}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(person, view_id, now)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Raises invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._monotonic() - trigger.issued_at >= self._lifetime:
            raise SlackError("expired_trigger_id")
        trigger.is_exchanged = True
        return trigger
