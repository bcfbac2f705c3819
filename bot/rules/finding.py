"""What a rule concludes, now, about one subject. It has no memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.rules.journey import Journey
from bot.rules.policy import Policy, Threshold
from storage.vocabulary import CaseKind, Severity, Side, Status

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


NOTHING = Verdict()
"""No finding, and none to come unless something is heard."""


class ShipmentRule(Protocol):
    """A module in bot/rules with one of these as its `RULE` is found by itself; the module's
    docstring is the rule's definition."""

    @property
    def kind(self) -> CaseKind: ...

    @property
    def statuses(self) -> frozenset[Status]:
        """Those in which it may find something; in any other it is not asked."""
        ...

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Declared here, they can be set in the book."""
        ...

    @property
    def explains(self) -> frozenset[CaseKind]:
        """What this finding is the cause of: those are held back while it stands. No two kinds
        explain each other, directly or by way of others."""
        ...

    @property
    def hold(self) -> timedelta:
        """How long the condition must stay away before its case resolves by itself."""
        ...

    def judge(self, journey: Journey, policy: Policy, now: datetime) -> Verdict: ...


def shipment_subject(journey: Journey) -> str:
    return f"shipment:{journey.shipment_id}"
