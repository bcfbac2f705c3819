"""Takes in a page of news: reports become rows, each fact merged by the law of bot.merging.

The same page twice changes nothing, and the order of pages makes no difference. News that belong
to nobody are set aside, and read again once their shipment is known: see
`storage.sources.start_reading`.
"""

from bot.ingest.page import Ingested, ingest

__all__ = ["Ingested", "ingest"]
