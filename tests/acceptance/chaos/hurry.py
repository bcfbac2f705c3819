"""Time in a hurry, the same for Slack's limits and for those who keep them."""

import time

HURRY = 5.0
"""Slack's seconds in a second: its limits, its Retry-After, and the lag of its history."""
MINUTE_IN_A_SECOND = 60.0
"""How fast the clock of sources and cases runs."""


def hurried_seconds() -> float:
    return time.monotonic() * HURRY
