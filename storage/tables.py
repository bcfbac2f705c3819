"""Every table. Instants are aware UTC; dates of a period are local to the partner.

Columns that hold a word of storage.vocabulary are plain text: a new word needs no migration.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

# SQLite counts rowids in INTEGER only; PostgreSQL wants 64 bits said aloud.
_RowId = BigInteger().with_variant(Integer(), "sqlite")


def _row_id() -> Any:
    return Field(default=None, sa_column=Column(_RowId, primary_key=True, autoincrement=True))


class Partner(SQLModel, table=True):
    """A carrier, 3PL or supplier of the book, so that rows can point at it."""

    __tablename__ = "partner"

    key: str = Field(primary_key=True)
    name: str
    kind: str
    channel: str
    """The channel's id in Slack: follows the channel when Slack changes it."""
    book_channel: str | None = None
    """The id as the book last gave it: a change there wins over what Slack changed."""
    in_book: bool = True
    judged_by: str | None = None
    """The fingerprint of what the book says of how it is judged; None until it was asked for."""


class Shipment(SQLModel, table=True):
    """What is under way. Facts of the order and of the tracking each keep their own age."""

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("partner_key", "tracking_number"),
        Index("ix_shipment_tracking_number", "tracking_number"),
        Index("ix_shipment_order_reference", "order_reference"),
        Index("ix_shipment_promised", "partner_key", "promised_on"),
        Index("ix_shipment_delivered", "partner_key", "delivered_on"),
    )

    id: int | None = _row_id()
    partner_key: str = Field(foreign_key="partner.key")
    tracking_number: str
    source_key: str
    """The source that tracks it, and is polled for it; else the one that announced it."""
    source_reference: str | None = None
    """The source's own name for it, such as a tracker's id."""

    carrier: str | None = None
    service: str | None = None
    order_reference: str | None = None
    origin: str | None = None
    destination: str | None = None
    destination_zone: str | None = None
    ordered_at: datetime | None = None
    ship_by: datetime | None = None
    value: float | None = None
    currency: str | None = None
    quantity: float | None = None
    mode: str | None = None
    """How it travels, as the order names it: air, ocean, truck."""
    priority: str | None = None
    """The customer's: `high` raises the severity of what is late."""
    account: str | None = None
    """The customer's account, and `item` what was ordered: returns are counted by them."""
    item: str | None = None
    is_return: bool | None = None
    """It was sent to come back: from the customer to the warehouse."""
    order_as_of: datetime | None = None

    promised_at: datetime | None = None
    promised_on: date | None = None
    """The promised day where it is delivered: what a period of a scorecard goes by."""
    promise_basis: str | None = None
    promise_as_of: datetime | None = None

    estimated_at: datetime | None = None
    """The carrier's own ETA, as last heard."""
    tracking_as_of: datetime | None = None
    reported_status: str | None = None
    """The status that the tracking source states for the whole, beside what its checkpoints say."""

    status: str
    reason: str | None = None
    announced_at: datetime | None = None
    """When it was first heard of: label made, order sent."""
    first_scan_at: datetime | None = None
    last_checkpoint_at: datetime | None = None
    last_scan_at: datetime | None = None
    delivered_quantity: float | None = None
    """The sum of what its deliveries counted; None where none did."""
    delivered_at: datetime | None = None
    delivered_on: date | None = None
    """The day of delivery where it was delivered."""

    created_at: datetime
    changed_at: datetime
    provenance: dict[str, Any] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    """What merging must know beside the columns: see bot.merging. None where there is nothing."""


class Checkpoint(SQLModel, table=True):
    """One time-stamped thing that happened to a shipment, with the source's own words for it."""

    __tablename__ = "checkpoint"
    # Keyed by shipment, then time: what is read together lies together.
    __table_args__ = {"sqlite_with_rowid": False}

    shipment_id: int = Field(
        sa_column=Column(_RowId, primary_key=True, autoincrement=False),
    )
    occurred_at: datetime = Field(primary_key=True)
    fingerprint: str = Field(primary_key=True)
    """Of status, code, text and place: the same event told twice has the same one."""
    status: str
    reason: str | None = None
    raw_code: str | None = None
    raw_text: str | None = None
    location: str | None = None
    estimated_at: datetime | None = None
    quantity: float | None = None
    """How much of it this was about, where the source counts."""
    source_key: str
    recorded_at: datetime
    """When we learnt of it."""


class Estimate(SQLModel, table=True):
    """What a carrier said at a time of the time of delivery: how often it slipped is here."""

    __tablename__ = "estimate"
    __table_args__ = {"sqlite_with_rowid": False}

    shipment_id: int = Field(sa_column=Column(_RowId, primary_key=True, autoincrement=False))
    said_at: datetime = Field(primary_key=True)
    estimated_at: datetime
    estimated_on: date | None = None
    """The day, where no more than a day was said: `estimated_at` is its end at the destination."""


class Measurement(SQLModel, table=True):
    """A KPI figure of a partner for a period: numerator and denominator, never a quotient."""

    __tablename__ = "measurement"

    partner_key: str = Field(primary_key=True, foreign_key="partner.key")
    metric: str = Field(primary_key=True)
    period_start: date = Field(primary_key=True)
    period_end: date = Field(primary_key=True)
    """The last day of the period, included."""
    source_key: str = Field(primary_key=True)
    numerator: float
    denominator: float
    measured_at: datetime


class Case(SQLModel, table=True):
    """An exception that somebody must look at: the memory of a finding."""

    __tablename__ = "cases"  # CASE is a word of SQL
    __table_args__ = (
        Index("ix_cases_partner_state", "partner_key", "state"),
        Index("ix_cases_shipment", "shipment_id"),
        Index("ix_cases_subject", "subject"),
        Index("ix_cases_alert", "alert_id"),
        Index(
            "ix_cases_muted_by",
            "muted_by",
            sqlite_where=text("muted_by IS NOT NULL"),
            postgresql_where=text("muted_by IS NOT NULL"),
        ),
    )

    id: int | None = _row_id()
    partner_key: str | None = Field(default=None, foreign_key="partner.key")
    """None where no single partner is concerned, as with a source."""
    kind: str
    subject: str
    """What it is about: `shipment:17`, `term:acme:on_time_delivery:2014-06`, `source:easypost`."""
    open_key: str | None = Field(default=None, unique=True)
    """Kind and subject while the condition holds: the database forbids a second such case."""
    shipment_id: int | None = Field(default=None, sa_type=_RowId)
    severity: str
    state: str
    facts: dict[str, Any] = Field(sa_type=JSON)
    """What the finding said last, as plain data."""
    since: datetime
    """Since when the condition holds."""
    opened_at: datetime
    changed_at: datetime
    resolved_at: datetime | None = None
    snoozed_until: datetime | None = None
    """When the snooze ends; None where it ends with the next checkpoint."""
    snoozed_for: str | None = None
    """A time, the next checkpoint, or the promise."""
    snoozed_after: datetime | None = None
    """The last checkpoint that was known when it was snoozed for the next one."""
    clear_since: datetime | None = None
    """Since when the condition is away; its case resolves when it has stayed away."""
    times_back: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often it came back after it was gone."""
    handled_by: str | None = None
    """The Slack user who acknowledged, snoozed, escalated or resolved it last."""
    alert_id: int | None = Field(default=None, sa_type=_RowId)
    """The first of its alerts: where people look for it. None while a mute holds it back."""
    muted_by: int | None = Field(default=None, sa_type=_RowId)
    """The mute that held it back, when it opened."""


class CaseEvent(SQLModel, table=True):
    """One entry of a case's history: who or what, when, why."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case", "case_id", "id"),)

    id: int | None = _row_id()
    case_id: int = Field(sa_type=_RowId)
    at: datetime
    actor: str
    """A Slack user id, or `rule` or `clock`."""
    action: str
    note: str | None = None


class Alert(SQLModel, table=True):
    """The one Slack message, and its thread, that stands for a case or a group of cases."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_group_key", "group_key", unique=True),
        Index("ix_alert_waiting", "partner_key", "channel", "said_at"),
        Index("ix_alert_message_ts", "message_ts"),
    )

    id: int | None = _row_id()
    partner_key: str | None = None
    channel: str
    """A channel's id, or a person's: what is said to them is a direct message."""
    message_ts: str | None = None
    """Slack's name for the message, once it is there."""
    form: str = Field(default="group", sa_column_kwargs={"server_default": "group"})
    """Why its cases are told together: see AlertForm."""
    group_key: str | None = None
    """What belongs into it, while it still takes newcomers: the database forbids a second one."""
    continues_id: int | None = Field(default=None, sa_type=_RowId)
    """The alert that took what belonged together before this one."""
    severity: str | None = None
    """Of its worst case, as last said."""
    listed_cases: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many cases the last list in its thread had."""
    reminded: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often it was said that nobody has it."""
    created_at: datetime
    said_at: datetime | None = None
    """When its message was put into the outbox; None while it waits for what belongs to it."""
    resolved_at: datetime | None = None
    """When the last of its cases was resolved."""


class AlertCase(SQLModel, table=True):
    """A case is told in an alert: one in each place that it is routed to."""

    __tablename__ = "alert_case"
    __table_args__ = (Index("ix_alert_case_case", "case_id"),)

    alert_id: int = Field(sa_column=Column(_RowId, primary_key=True, autoincrement=False))
    case_id: int = Field(sa_column=Column(_RowId, primary_key=True, autoincrement=False))
    joined_at: datetime
    told_event_id: int = Field(
        default=0, sa_column=Column(_RowId, nullable=False, server_default="0")
    )
    """The last entry of the case's history that the alert's thread tells."""


class Mute(SQLModel, table=True):
    """What a person does not want to hear of for a while. Everything that is given must hold."""

    __tablename__ = "mute"
    __table_args__ = (Index("ix_mute_ended", "ended_at"),)

    id: int | None = _row_id()
    partner_key: str | None = None
    kind: str | None = None
    lane: str | None = None
    """As bot.alerts.lanes writes it."""
    shipment_id: int | None = Field(default=None, sa_type=_RowId)
    reason: str
    author: str
    """A Slack user id."""
    created_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    """When it ended: at its time, or earlier by hand."""
    ended_by: str | None = None
    """A Slack user id, or `clock`."""
    alert_id: int | None = Field(default=None, sa_type=_RowId)
    """Of the message that shows it in the channel."""


class Address(SQLModel, table=True):
    """Where Slack has what we name otherwise: a channel that was given another id since, a person's
    direct message, or the workspace, which has a URL for a channel."""

    __tablename__ = "address"

    named: str = Field(primary_key=True)
    channel: str


class Inbound(SQLModel, table=True):
    """What Slack handed over and we have begun to answer: it hands things over again."""

    __tablename__ = "inbound"
    __table_args__ = (Index("ix_inbound_received_at", "received_at"),)

    key: str = Field(primary_key=True)
    received_at: datetime


class OutboxMessage(SQLModel, table=True):
    """A word that we owe Slack, durable before it is said."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_outbox_lane",
            "lane",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_outbox_dead",
            "id",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
        Index("ix_outbox_alert", "alert_id"),
        Index("ix_outbox_tried", "tried_at"),
    )

    id: int | None = _row_id()
    """Also the order: within a lane, of two as urgent the lower id is said first."""
    lane: str
    """What is said in order: a channel for posts, replies and files, `edit:<alert id>` for edits.
    Only the head of a lane can be claimed; whatever follows an alert's message also waits for its
    message_ts, and never holds up another alert's."""
    urgency: int = 2
    """0 when a person waits for it, 1 when it is critical, 2 otherwise; lower goes first."""
    key: str = Field(unique=True)
    """Deterministic, and carried in the message's metadata, so that it can be looked for."""
    method: str
    channel: str
    alert_id: int | None = Field(default=None, sa_type=_RowId)
    payload: dict[str, Any] = Field(sa_type=JSON)
    """`text` and `blocks`, as Slack takes them; of a file `text`, `file_name` and `content`."""
    state: str
    due_at: datetime
    """When to say it; while it is being said, when the lease runs out."""
    owner: str | None = None
    attempt: int = 0
    tried_at: datetime | None = None
    """The earliest time at which Slack may have taken it; a message that is there is younger."""
    ambiguous_since: datetime | None = None
    """The latest time at which Slack may have taken it, or not: look before saying it again."""
    last_error: str | None = None
    message_ts: str | None = None
    created_at: datetime
    sent_at: datetime | None = None


class Due(SQLModel, table=True):
    """Something to be done at a time, by whichever process comes first."""

    __tablename__ = "due"
    __table_args__ = (
        Index("ix_due_kind_due_at", "kind", "due_at", "subject"),
        Index(
            "ix_due_failing",
            "kind",
            sqlite_where=text("owner IS NULL AND attempt > 0"),
            postgresql_where=text("owner IS NULL AND attempt > 0"),
        ),
    )

    kind: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    due_at: datetime
    """While it is being done, when the lease runs out: a crash gives the work back."""
    owner: str | None = None
    attempt: int = 0
    """How often it was tried since it was last done or planned."""
    done_at: datetime | None = None
    """When it was last finished: of a shipment's poll, when its source was last asked about it."""


class SourceHealth(SQLModel, table=True):
    """How a source is doing, and where to go on reading it."""

    __tablename__ = "source_health"

    source_key: str = Field(primary_key=True)
    followed_since: datetime | None = None
    """Since when it should have been read."""
    cursor: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    read_whole_at: datetime | None = None
    """When it was last read to its end, and not just asked about single shipments."""
    last_news_at: datetime | None = None
    """When it last brought something that we did not have."""
    news_at: list[str] | None = Field(default=None, sa_type=JSON)
    """The last times that it did, as ISO 8601: what is usual for it."""
    failures_in_a_row: int = 0
    last_error: str | None = None


class SetAside(SQLModel, table=True):
    """Bad input, with the reason, where a person finds it."""

    __tablename__ = "set_aside"

    source_key: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    """Where it was: `orders/shipments.csv:17`, or the number of the tracker."""
    reason: str
    excerpt: str
    first_seen_at: datetime
    last_seen_at: datetime
