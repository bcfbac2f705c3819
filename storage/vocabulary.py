"""The words that rows use. Values are what the database stores and what messages may show."""

from enum import StrEnum


class PartnerKind(StrEnum):
    CARRIER = "carrier"
    THIRD_PARTY_LOGISTICS = "3pl"
    SUPPLIER = "supplier"


class Status(StrEnum):
    """Where a shipment is. What went wrong is a Reason; whether it is late is derived by us."""

    NOT_FOUND = "not_found"
    LABEL_CREATED = "label_created"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    ON_HOLD = "on_hold"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    DISPOSITIONED = "dispositioned"
    """A return that was checked in, and of which was decided what becomes: nothing is open."""
    UNDELIVERABLE = "undeliverable"
    LOST = "lost"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_final(self) -> bool:
        """Nothing more is expected of a shipment in this status: it rests."""
        return self in {
            Status.DELIVERED,
            Status.RETURNED,
            Status.DISPOSITIONED,
            Status.CANCELLED,
        }

    @property
    def is_scan(self) -> bool:
        """The goods themselves were seen, not just announced. That a shipment is no longer
        tracked is no sight of it."""
        return self not in {
            Status.NOT_FOUND,
            Status.LABEL_CREATED,
            Status.CANCELLED,
            Status.EXPIRED,
        }


class Side(StrEnum):
    """Whose side a reason is on: it decides who acts next."""

    CARRIER = "carrier"
    CONSIGNEE = "consignee"
    SHIPPER = "shipper"
    CUSTOMS = "customs"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """What went wrong, beside the status."""

    DELAY = "delay"
    MISSORT = "missort"
    VEHICLE = "vehicle"
    CAPACITY = "capacity"
    DAMAGED = "damaged"
    LOST = "lost"
    NOT_HOME = "not_home"
    CLOSED = "closed"
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    MOVED = "moved"
    NO_ACCESS = "no_access"
    FUTURE_DELIVERY = "future_delivery"
    NOT_READY = "not_ready"
    BAD_DATA = "bad_data"
    PACKAGING = "packaging"
    DOCUMENTS = "documents"
    INSPECTION = "inspection"
    DUTIES = "duties"
    WEATHER = "weather"
    CIVIL = "civil"
    SECURITY = "security"
    UNKNOWN = "unknown"

    @property
    def side(self) -> Side:
        return _SIDE_OF_REASON[self]


_SIDE_OF_REASON = {
    **dict.fromkeys(
        (
            Reason.DELAY,
            Reason.MISSORT,
            Reason.VEHICLE,
            Reason.CAPACITY,
            Reason.DAMAGED,
            Reason.LOST,
        ),
        Side.CARRIER,
    ),
    **dict.fromkeys(
        (
            Reason.NOT_HOME,
            Reason.CLOSED,
            Reason.REFUSED,
            Reason.BAD_ADDRESS,
            Reason.MOVED,
            Reason.NO_ACCESS,
            Reason.FUTURE_DELIVERY,
        ),
        Side.CONSIGNEE,
    ),
    **dict.fromkeys((Reason.NOT_READY, Reason.BAD_DATA, Reason.PACKAGING), Side.SHIPPER),
    **dict.fromkeys((Reason.DOCUMENTS, Reason.INSPECTION, Reason.DUTIES), Side.CUSTOMS),
    **dict.fromkeys((Reason.WEATHER, Reason.CIVIL, Reason.SECURITY), Side.EXTERNAL),
    Reason.UNKNOWN: Side.UNKNOWN,
}


class PromiseBasis(StrEnum):
    """Where a promised time comes from; the weightier basis wins over a lighter one."""

    ORDER = "order"
    GUARANTEE = "guarantee"
    FIRST_ESTIMATE = "first_estimate"

    @property
    def weight(self) -> int:
        return {"order": 3, "guarantee": 2, "first_estimate": 1}[self.value]


class CaseKind(StrEnum):
    # before the journey
    NOT_DISPATCHED = "not_dispatched"
    NEVER_PICKED_UP = "never_picked_up"
    # on the way
    NO_SCAN = "no_scan"
    CARRIER_DELAY = "carrier_delay"
    ETA_PAST_PROMISE = "eta_past_promise"
    WRONG_WAY = "wrong_way"
    CUSTOMS_HOLD = "customs_hold"
    ON_HOLD = "on_hold"
    DAMAGED = "damaged"
    LOST = "lost"
    # the last mile
    DELIVERY_ATTEMPT_FAILED = "delivery_attempt_failed"
    ADDRESS_PROBLEM = "address_problem"
    REFUSED = "refused"
    PICKUP_EXPIRING = "pickup_expiring"
    # the promise
    PROMISE_PASSED = "promise_passed"
    DELIVERED_SHORT = "delivered_short"
    # the way back
    RETURNING_UNASKED = "returning_unasked"
    RETURN_NOT_PROCESSED = "return_not_processed"
    RETURNS_ABOVE_NORMAL = "returns_above_normal"
    # the contract
    TERM_BREACHED = "term_breached"
    # the feed itself
    SOURCE_FAILING = "source_failing"
    SOURCE_STALE = "source_stale"
    NUMBER_UNKNOWN = "number_unknown"
    NUMBER_REUSED = "number_reused"
    CHECKPOINTS_CONTRADICT = "checkpoints_contradict"
    # KPI feeds
    MEASUREMENT_MISSING = "measurement_missing"
    MEASUREMENT_IMPOSSIBLE = "measurement_impossible"
    # asked for by a person
    ESCALATION = "escalation"


class CaseState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class SnoozedFor(StrEnum):
    """What ends a snooze."""

    TIME = "time"
    CHECKPOINT = "checkpoint"
    PROMISE = "promise"


class CaseAction(StrEnum):
    """What is done to a case; every one leaves an entry in its history."""

    OPENED = "opened"
    CHANGED = "changed"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    SNOOZE_ENDED = "snooze_ended"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    """It is another partner's."""


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 is the mildest."""
        return ("info", "warning", "critical").index(self.value)


class DueKind(StrEnum):
    """What can come due: see storage.due."""

    POLL_SOURCE = "poll_source"
    POLL_SHIPMENT = "poll_shipment"
    JUDGE_SHIPMENT = "judge_shipment"
    JUDGE_TERM = "judge_term"
    JUDGE_SOURCE = "judge_source"
    JUDGE_MEASURED = "judge_measured"
    JUDGE_RETURNS = "judge_returns"
    WAKE_CASE = "wake_case"
    SAY_ALERT = "say_alert"
    REMIND_ALERT = "remind_alert"
    END_MUTE = "end_mute"
    SAY_DIGEST = "say_digest"
    SWEEP = "sweep"


class AlertForm(StrEnum):
    """Why cases are told in one message."""

    GROUP = "group"  # one kind, one partner, one lane or cause; a single case is one of one
    STORM = "storm"  # more at once than anybody reads one by one
    HELD_BACK = "held_back"  # what came up in quiet hours, or while it was muted
    NOTICE = "notice"  # of no case: a mute, for one


class OutboxMethod(StrEnum):
    POST = "post"
    REPLY = "reply"
    EDIT = "edit"
    FILE = "file"  # into the thread of its alert
    TIDY = "tidy"  # look whether a message that was in doubt stands there twice


class OutboxState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"  # dead, and a person decided that it need not be said
