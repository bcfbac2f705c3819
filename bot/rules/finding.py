"""What a rule concludes, now, about one subject. It has no memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.rules.journey import Journey
from bot.rules.policy import Policy
from storage.vocabulary import CaseKind, Severity, Side

Fact = str | int | float | bool | None
"""Plain data that JSON keeps; instants as ISO 8601 with offset."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: CaseKind
    subject: str
    """`shipment:17`, `term:acme:on_time_delivery:2014-06`, `source:easypost`."""
    severity: Severity
    since: datetime
    """Since when the condition holds."""
    side: Side
    """Whose turn it is."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """What the message needs beyond the shipment; the same condition gives the same facts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one journey."""

    finding: Finding | None = None
    look_again_at: datetime | None = None
    """The next moment at which the answer may change though nothing new is heard."""


class ShipmentRule(Protocol):
    kind: CaseKind

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict: ...
