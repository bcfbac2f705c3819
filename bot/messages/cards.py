"""What messages are made of: plain data, raw as it came. Escaping is the messages' own work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rules.finding import Fact
from storage.vocabulary import (
    AlertForm,
    CaseAction,
    CaseKind,
    CaseState,
    DueKind,
    PartnerKind,
    PromiseBasis,
    Reason,
    Severity,
    Side,
    SnoozedFor,
    Status,
)


def case_reference(case_id: int) -> str:
    """How people name a case: `T-1042`."""
    return f"T-{case_id}"


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    occurred_at: datetime
    status: Status
    reason: Reason | None = None
    text: str | None = None
    """The source's own words."""
    location: str | None = None


@dataclass(frozen=True, slots=True)
class ShipmentCard:
    tracking_number: str
    status: Status
    zone: str
    """IANA name of the zone where it is delivered: promises are told in it."""
    partner_name: str | None = None
    reason: Reason | None = None
    carrier: str | None = None
    service: str | None = None
    order_reference: str | None = None
    origin: str | None = None
    destination: str | None = None
    value: float | None = None
    currency: str | None = None
    quantity: float | None = None
    ordered_at: datetime | None = None
    announced_at: datetime | None = None
    ship_by: datetime | None = None
    first_scan_at: datetime | None = None
    promised_at: datetime | None = None
    promise_basis: PromiseBasis | None = None
    estimated_at: datetime | None = None
    delivered_at: datetime | None = None
    last_checkpoint: CheckpointLine | None = None
    checkpoints: Sequence[CheckpointLine] = ()
    """Newest first; only `/shipment` needs them."""


@dataclass(frozen=True, slots=True)
class MissLine:
    """A shipment behind a missed figure."""

    tracking_number: str
    zone: str
    order_reference: str | None = None
    destination: str | None = None
    ordered_at: datetime | None = None
    promised_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case as an alert shows it.

    `facts` are the finding's; which of them are read stands in bot.messages.kinds. None of them
    has to be there.
    """

    case_id: int
    kind: CaseKind
    severity: Severity
    state: CaseState
    since: datetime
    opened_at: datetime
    now: datetime
    zone: str
    """IANA name of the partner's zone: everything but promises is told in it."""
    partner_name: str | None = None
    partner_kind: PartnerKind | None = None
    account_manager: str | None = None
    """Slack user id."""
    company: str | None = None
    """What the partner calls whoever runs Tallyman."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    shipment: ShipmentCard | None = None
    handled_by: str | None = None
    """Who brought it into its present state: the actor of that entry of its history."""
    handled_at: datetime | None = None
    note: str | None = None
    """Of that entry."""
    snoozed_until: datetime | None = None
    snoozed_for: SnoozedFor = SnoozedFor.TIME
    """What ends its snooze; `snoozed_until` is the end at the latest."""
    times_back: int = 0
    """How often it was over and then wasn't."""
    stays_away_for: timedelta = timedelta(hours=24)
    """How long what comes and goes must stay away before it resolves."""
    clear_since: datetime | None = None
    """Since when the condition is away, while the case waits whether it stays away."""
    resolves_at: datetime | None = None
    """When it resolves if it stays away."""
    explained_by: CaseKind | None = None
    """Resolved because another case of the same shipment is its cause."""
    explained_by_case: int | None = None
    """The id of that case."""
    resolved_at: datetime | None = None
    misses: Sequence[MissLine] = ()
    """The first shipments behind a breached term; their whole number is the fact `misses`."""
    permalink: str | None = None
    """Of its alert, where it is known."""

    @property
    def reference(self) -> str:
        return case_reference(self.case_id)

    @property
    def side(self) -> Side:
        """Whose turn it is."""
        said = self.facts.get("side")
        return Side(said) if said in list(Side) else Side.UNKNOWN


@dataclass(frozen=True, slots=True)
class GroupCard:
    """Several cases that one message stands for."""

    alert_id: int
    form: AlertForm
    cases: Sequence[CaseCard]
    """All of them, resolved ones too, in the order in which they joined."""
    opened_at: datetime
    now: datetime
    zone: str
    """IANA name of the partner's zone."""
    partner_name: str | None = None
    account_manager: str | None = None
    """Slack user id."""
    continues: bool = False
    """An earlier message tells of what belonged here before."""
    resolved_at: datetime | None = None
    """When the last of them was resolved."""
    waited_for: str | None = None
    """Why it was not told at once, where it was held back: `quiet hours`, `a mute`."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    at: datetime
    actor: str
    """Slack user id, or `rule` or `clock`."""
    action: CaseAction
    note: str | None = None
    until: datetime | None = None
    """Of a snooze."""


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source, for /tallyman health and the App Home."""

    key: str
    kind: str
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_news_at: datetime | None = None
    failures_in_a_row: int = 0
    last_error: str | None = None
    next_poll_at: datetime | None = None
    set_aside: int = 0
    set_aside_reasons: Sequence[str] = ()
    """The first few, as `place: reason`."""


@dataclass(frozen=True, slots=True)
class OutboxCard:
    pending: int
    dead: int
    oldest_pending_at: datetime | None = None
    dead_reasons: Sequence[str] = ()
    """The last few, as `channel: error`."""


@dataclass(frozen=True, slots=True)
class HealthCard:
    now: datetime
    sources: Sequence[SourceCard]
    outbox: OutboxCard
    zone: str = "UTC"
    mutes: int = 0
    """Those that hold."""
    unread_sources: Sequence[str] = ()
    """Keys of those not read to their end once: before they are, nothing is judged."""
    failing: Mapping[DueKind, int] = field(default_factory=dict)
    """How many of a kind could not be done when they were last tried."""
