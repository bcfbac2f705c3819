"""How news about one shipment become its row, whatever the order in which they arrive.

The law. Every fact keeps the news with the greatest weight, and of equal weight the greater value:
- an order fact weighs its report's `as_of`; undated news weigh least;
- a promise weighs its basis, then `as_of`; the ETA weighs `as_of`, or the time of the checkpoint
  that carries it; the reported status and its reason weigh `as_of` together;
- the source is the latest that tracks the shipment; else the first by name that reported it; else
  the first by name that brought a checkpoint of it;
- what a report leaves out changes nothing.
Checkpoints are a set. From the set come the first and last scan, the delivery (the earliest told),
the delivered quantity (the sum of what its deliveries counted) and, with the reports, the
announcement (the earliest). The status is the last checkpoint's; of several at the same moment the
one furthest along. A reported status counts where it is newer than the last checkpoint, but a
shipment once seen is not unseen by it. That it is delivered tells no time of delivery: only a
checkpoint does.

ETAs are a set too, by the time at which they were said: `as_of`, or the time of the checkpoint. Of
several at the same time the greatest stays. See bot.said_estimates.

All of these are maxima and minima, so no order and no repetition makes a difference.
`Shipment.provenance` keeps what they need beside the columns:
`ages` of facts that are not as old as `order_as_of` or `tracking_as_of` say, `reason` of the
reported status, `promise_day` and `estimate_day` where a day was given, `source` (how strong its
claim is) and `partner` where no name told whose it is: see bot.placing.
"""

from bot.merging.claims import BROUGHT_CHECKPOINTS, is_tracked, merge_checkpoint_source
from bot.merging.journeys import merge_journey
from bot.merging.reports import merge_report
from bot.merging.settling import destination_zone_of, end_of_day, is_finished, settle
from bot.merging.tracking import merge_estimates

__all__ = [
    "BROUGHT_CHECKPOINTS",
    "destination_zone_of",
    "end_of_day",
    "is_finished",
    "is_tracked",
    "merge_checkpoint_source",
    "merge_estimates",
    "merge_journey",
    "merge_report",
    "settle",
]
