"""How long a judgement may be in somebody's hands."""

from datetime import timedelta

LEASE = timedelta(minutes=5)  # never outlives the transaction that took it
