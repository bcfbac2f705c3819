"""The law of the backtest: whatever happens later changes nothing of what was said before."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.backtest.running import Window, backtest
from bot.backtest.tally import AlertRow, AlertsFile
from storage.vocabulary import Status

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOURS = 10 * 24
NUMBERS = ("TM1", "TM2", "TM3", "TM4")


@dataclass(frozen=True, slots=True)
class Order:
    number: str
    partner: str
    ordered_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    promised_at: datetime


@dataclass(frozen=True, slots=True)
class Scan:
    number: str
    occurred_at: datetime
    known_at: datetime
    status: Status
    code: str
    eta: datetime | None


moments = st.integers(0, HOURS * 12).map(lambda steps: START + timedelta(minutes=5 * steps))
orders = st.lists(
    st.builds(
        Order,
        st.sampled_from(NUMBERS),
        st.sampled_from(("Halden", "Orbis")),
        st.none() | moments,
        st.none() | moments,
        st.none() | moments,
        moments,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda order: order.number,
)
scans = st.lists(
    st.builds(
        lambda number, at, delay, status, code, eta: Scan(
            number, at, at + timedelta(hours=delay), status, code, eta
        ),
        st.sampled_from(NUMBERS),
        moments,
        st.sampled_from((0, 0, 1, 30)),
        st.sampled_from(Status),
        st.sampled_from(("", "missort", "damaged", "documents", "weather", "refused")),
        st.none() | moments,
    ),
    max_size=12,
)


@settings(max_examples=30)
@given(orders, scans, orders, scans, moments)
def test_nothing_that_is_known_later_changes_what_was_said(
    told_orders: list[Order],
    told_scans: list[Scan],
    other_orders: list[Order],
    other_scans: list[Scan],
    now: datetime,
) -> None:
    past_scans = [scan for scan in told_scans if scan.known_at <= now]
    past_orders = [
        _with_another_dispatch(order, now, other_orders[0].shipped_at)
        for order in told_orders
        if _known_at(order, told_scans) <= now
    ]
    other_past = (past_orders, past_scans)
    later_orders = [
        order
        for order in other_orders
        if order.number not in {known.number for known in past_orders}
        and _known_at(order, [*past_scans, *other_scans]) > now
    ]
    later_scans = [scan for scan in other_scans if scan.known_at > now]

    alerts, messages = _said_until(now, told_orders, told_scans)
    other_alerts, other_messages = _said_until(
        now, [*other_past[0], *later_orders], [*later_scans, *other_past[1]]
    )
    assert alerts == other_alerts
    assert messages == other_messages


def _known_at(order: Order, told: Sequence[Scan]) -> datetime:
    if order.ordered_at is not None:
        return order.ordered_at
    traces = [scan.known_at for scan in told if scan.number == order.number]
    return min([order.promised_at, *traces, *filter(None, (order.ship_by, order.shipped_at))])


def _with_another_dispatch(order: Order, now: datetime, other: datetime | None) -> Order:
    """That it will be shipped is not known before it is."""
    if order.shipped_at is None or order.shipped_at <= now:
        return order
    return replace(order, shipped_at=other if other is not None and other > now else None)


def _said_until(
    now: datetime, told: Sequence[Order], seen: Sequence[Scan]
) -> tuple[str, Counter[object]]:
    """The alerts file's bytes up to that moment, and the messages of the days before."""
    if not told:
        return _written([]), Counter()
    alerts: list[AlertRow] = []
    with TemporaryDirectory() as folder:
        orders_file, scans_file = Path(folder, "orders.csv"), Path(folder, "scans.csv")
        _write_orders(orders_file, told)
        _write_scans(scans_file, seen)
        results, _ = backtest(
            orders_file,
            scans_file,
            window=Window(None, (START + timedelta(hours=HOURS)).date()),
            listen=alerts.append,
        )
    said = [alert for alert in alerts if datetime.fromisoformat(alert.at) <= now]
    messages: Counter[object] = Counter(
        {said: count for said, count in results.messages.items() if said.day < now.date()}
    )
    return _written(said), messages


def _written(alerts: Sequence[AlertRow]) -> str:
    stream = io.StringIO()
    file = AlertsFile(stream)
    for alert in alerts:
        file.add(alert)
    return stream.getvalue()


def _write_orders(path: Path, told: Sequence[Order]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        times_of = ("ordered_at", "ship_by", "shipped_at", "promised_at")
        rows.writerow(("tracking_number", "partner", *times_of))
        for one in told:
            times = (one.ordered_at, one.ship_by, one.shipped_at, one.promised_at)
            rows.writerow((one.number, one.partner, *map(_iso, times)))


def _write_scans(path: Path, seen: Sequence[Scan]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("tracking_number", "occurred_at", "recorded_at", "status", "code", "eta"))
        for one in seen:
            rows.writerow(
                (
                    one.number,
                    _iso(one.occurred_at),
                    _iso(one.known_at),
                    one.status.value,
                    one.code,
                    _iso(one.eta),
                )
            )


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
