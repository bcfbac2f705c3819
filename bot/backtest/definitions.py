"""What the words on the page of a backtest mean."""

DEFINITIONS = (
    (
        "Late",
        "Delivered after its promise; or not delivered when its promise was over, be it lost, on "
        "its way back, or simply not there by the end of the history. Delivered at the promised "
        "moment is in time. Cancelled shipments, those without a promise, and those whose promise "
        "lies after the end are not counted.",
    ),
    (
        "Announced",
        "A case that says that a shipment will not keep its promise, such as no scan, a hold or a "
        "slipped ETA, was opened before the promise passed. The first such case counts.",
    ),
    ("Recall", "Of the late shipments, the share that was announced."),
    (
        "Precision",
        "Of the announced shipments, the share that became late. An announcement whose shipment "
        "came in time is counted as wrong, also where it came in time because somebody acted: a "
        "history doesn't tell.",
    ),
    ("Lead time", "From the first announcement of a late shipment to its promise."),
    (
        "Right, wrong",
        "A case that foretells lateness, or says that a promise has passed, is right where the "
        "shipment is late and wrong where it came in time. Of a case that repeats what was "
        "reported, such as damage, no delivery tells whether it was worth a look.",
    ),
    (
        "Message",
        "A new post in a channel. Replies in its thread and edits of the post itself come on top, "
        "and ring no bell.",
    ),
    (
        "Known",
        "A checkpoint from its recorded_at, else its occurred_at; a shipment from its ordered_at, "
        "else from the first of shipped_at, its first checkpoint and its promise. Nothing is used "
        "before it is known.",
    ),
)
