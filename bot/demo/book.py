"""The demo's book: the busiest vendors of the history as partners."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bot.demo.orders_folder import COST_SHARE
from bot.demo.partners import PARTNERS, DemoPartner

START = datetime(2013, 9, 22, 6, tzinfo=UTC)
"""A week before the end of a month in which three vendors miss their on-time term."""
END = datetime(2015, 9, 30, 6, tzinfo=UTC)
"""Some days after the last delivery of the history: time goes on at its usual pace from then."""
HISTORY_SINCE = date(2013, 4, 1)
API_KEY_NAME = "EASYPOST_API_KEY"
"""Of the environment variable that the book names for the stand-in's key."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a partner is talked about in Slack, and who answers for it."""

    channel: str
    account_manager: str


def demo_book(
    *,
    ops_channel: str,
    fallback_channel: str,
    seats: Mapping[str, Seat],
    easypost_url: str,
    orders_path: Path,
) -> str:
    """The book as YAML. `seats` by the partners' keys; KeyError if one is missing."""
    partners = "\n".join(_partner(partner, seats[partner.key]) for partner in PARTNERS)
    matching = "\n".join(_match(partner) for partner in PARTNERS)
    return f"""\
# The book of the demo: the busiest vendors of USAID's delivery history, replayed from
# {START:%d %B %Y} on. Written anew at every start.
ops_channel: {_quoted(ops_channel)}
fallback_channel: {_quoted(fallback_channel)}
company: Harbour Logistics  # what partners call the people who run it

thresholds:
  # The history tells when goods were ordered and when they arrived, and no scan in between:
  # rules that miss scans would find fault with every shipment.
  never_picked_up_after_working_hours: "off"
  no_scan_after_working_hours: "off"
  # A simulated day lasts two seconds: half a day is what news needs to get through.
  promise_grace_minutes: 720

# At two seconds a day, one reminder is enough, and a digest a week.
reminders:
  first_after_working_hours: 20
  critical_first_after_working_hours: 10
  at_most: 1
digests:
  - {{channel: {_quoted(ops_channel)}, every: week}}

sources:
  - key: orders
    kind: folder
    path: {_quoted(str(orders_path))}
    poll_every_minutes: 720  # a second: less, and a busy machine looks like a source that is down
  - key: easypost
    kind: easypost
    url: {_quoted(easypost_url)}
    api_key: ${{{API_KEY_NAME}}}
    poll_every_minutes: 180
    follow_every_minutes: 120
    promise: none  # what counts is the order's date

# How a tracker finds its partner: by the carrier that it names.
matching:
{matching}

partners:
{partners}
"""


def _partner(partner: DemoPartner, seat: Seat) -> str:
    return f"""\
  - key: {partner.key}
    name: {_quoted(partner.name)}
    kind: {_quoted(partner.kind)}
    time_zone: {_quoted(partner.time_zone)}
    calendar: {{country: {_quoted(partner.country)}}}
    channel: {_quoted(seat.channel)}
    account_manager: {_quoted(seat.account_manager)}
    aliases: [{_quoted(partner.history_name)}]
    contract:
      terms:
        - {{metric: on_time_delivery, target: 0.9, minimum_sample: 5}}
        - {{metric: {COST_SHARE}, target: 0.1, minimum_sample: 1}}"""


def _match(partner: DemoPartner) -> str:
    return f"  - {{partner: {partner.key}, carrier: {_quoted(partner.history_name)}}}"


def _quoted(text: str) -> str:
    # JSON's strings are YAML's double-quoted ones.
    return json.dumps(text)
