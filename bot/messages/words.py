"""Our own words of storage.vocabulary, as people say them."""

from storage.vocabulary import PromiseBasis, Reason, Status

STATUS = {
    Status.NOT_FOUND: "without news from the carrier",
    Status.LABEL_CREATED: "announced, not picked up",
    Status.IN_TRANSIT: "in transit",
    Status.OUT_FOR_DELIVERY: "out for delivery",
    Status.AVAILABLE_FOR_PICKUP: "waiting to be collected",
    Status.ATTEMPT_FAILED: "delivery attempt failed",
    Status.ON_HOLD: "on hold",
    Status.DELIVERED: "delivered",
    Status.RETURNING: "on its way back",
    Status.RETURNED: "returned",
    Status.DISPOSITIONED: "return processed",
    Status.UNDELIVERABLE: "undeliverable",
    Status.LOST: "lost",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "no longer tracked by the carrier",
}

REASON = {
    Reason.DELAY: "delayed",
    Reason.MISSORT: "sent the wrong way",
    Reason.VEHICLE: "vehicle trouble",
    Reason.CAPACITY: "no capacity",
    Reason.DAMAGED: "damaged",
    Reason.LOST: "lost",
    Reason.NOT_HOME: "nobody there",
    Reason.CLOSED: "closed",
    Reason.REFUSED: "refused",
    Reason.BAD_ADDRESS: "wrong address",
    Reason.MOVED: "consignee moved",
    Reason.NO_ACCESS: "no access",
    Reason.FUTURE_DELIVERY: "later delivery asked for",
    Reason.NOT_READY: "goods not ready",
    Reason.BAD_DATA: "wrong or missing data",
    Reason.PACKAGING: "packaging not fit",
    Reason.DOCUMENTS: "documents missing",
    Reason.INSPECTION: "customs inspection",
    Reason.DUTIES: "duties to be paid",
    Reason.WEATHER: "weather",
    Reason.CIVIL: "unrest or strike",
    Reason.SECURITY: "security",
    Reason.UNKNOWN: "reason unknown",
}

BASIS = {
    PromiseBasis.ORDER: "by the order",
    PromiseBasis.GUARANTEE: "guaranteed by the carrier",
    PromiseBasis.FIRST_ESTIMATE: "the carrier's first estimate",
}

_ABNORMAL_NOW = {
    Status.ATTEMPT_FAILED,
    Status.ON_HOLD,
    Status.RETURNING,
    Status.UNDELIVERABLE,
    Status.IN_TRANSIT,
}


def status(value: Status, reason: Reason | None) -> str:
    """With its reason, where one is known and still of interest."""
    words = STATUS[value]
    if reason is None or reason is Reason.UNKNOWN or value not in _ABNORMAL_NOW:
        return words
    return f"{words} ({REASON[reason]})"
