"""A recorded history in the order in which it became known.

It is kept in a file of its own, so that its size costs disk and not memory.

When something is known:
- a checkpoint from `recorded_at`, else `occurred_at`; and not before its shipment, since news of a
  number that nobody has announced wait until somebody does;
- a shipment from `ordered_at`; without one, from the earliest of `ship_by`, `shipped_at`, its first
  checkpoint and `promised_at`. That it was shipped is known from `shipped_at`, whatever else is
  known before.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from bot.backtest.far_off import far_off_from
from bot.backtest.files import FILE_FACTS, HistoryFile, HistoryRefused
from bot.backtest.history_tables import IN_ORDER, INDEXES, LINES_OF_DAYS, NEWS, SCHEMA
from bot.backtest.rows import CheckpointRow, ShipmentRow
from bot.sources.reports import CheckpointReport, Rejected, ShipmentReport
from bot.sources.times import END_OF_DAY, split
from storage.vocabulary import Reason, Status

LISTED_AT_MOST = 1_000  # lines set aside whose reason is kept; the others are only counted
_AT_ONCE = 5_000  # rows a statement
_CHECKPOINT = 2  # of a checkpoint's news; 0 is of a shipment's, 1 of its dispatch
_STATUS = {status.value: status for status in Status}
_REASON = {reason.value: reason for reason in Reason}


@dataclass(frozen=True, slots=True)
class News:
    known_at: datetime
    report: ShipmentReport | CheckpointReport


@dataclass(slots=True)
class Counts:
    shipments: int = 0
    checkpoints: int = 0
    set_aside: int = 0


class History:
    """Reads both files at once, then gives out what they say as often as asked."""

    def __init__(
        self,
        spool: Path,
        shipments: Path,
        checkpoints: Path,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Raises HistoryRefused, OSError. `progress` is told the bytes that were read."""
        self.counts = Counts()
        self.set_aside: list[Rejected] = []
        self.spool = spool
        self._files = shipments, checkpoints
        self._tells_of_accounts = False
        self._connection = sqlite3.connect(spool)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}"
        )
        self._take_shipments(progress)
        self._take_checkpoints(progress)
        self._connection.executescript(INDEXES)
        self._set_aside_far_off()
        self._set_aside_unknown()
        self._connection.commit()
        if not self.counts.shipments:
            raise HistoryRefused(
                f"{shipments} has no shipment that could be taken: {self._first_reason()}"
            )

    def close(self) -> None:
        self._connection.close()

    def divide(self, shard_of: Mapping[str, int]) -> None:
        """Once, before anything is asked but the partners: by each partner's name in the file,
        which part of the history it is in. Those that share a number have to be in one."""
        self._connection.executemany("INSERT INTO shard VALUES (?, ?)", shard_of.items())
        self._connection.executescript(NEWS)
        self._connection.commit()

    def __len__(self) -> int:
        """How many news there are."""
        return int(self._connection.execute("SELECT count(*) FROM news").fetchone()[0])

    def span(self) -> tuple[datetime, datetime]:
        """When the first and the last of it became known."""
        first, last = self._connection.execute("SELECT min(at), max(at) FROM news").fetchone()
        return _instant(first), _instant(last)

    def partner_names(self) -> list[str]:
        """As the file spells them, in the order in which they became known."""
        return [
            name
            for (name,) in self._connection.execute(
                "SELECT partner FROM shipment WHERE known_at IS NOT NULL "
                "GROUP BY partner ORDER BY min(known_at), min(line)"
            )
        ]

    def shipments_by_partner(self) -> dict[str, int]:
        """By the partners' names in the file."""
        return dict(
            self._connection.execute(
                "SELECT partner, count(*) FROM shipment WHERE known_at IS NOT NULL GROUP BY partner"
            )
        )

    def partners_by_shared_number(self) -> list[list[str]]:
        """The names of those that have a number in common."""
        return [
            json.loads(names)
            for (names,) in self._connection.execute(
                "SELECT json_group_array(partner) FROM shipment WHERE known_at IS NOT NULL "
                "GROUP BY number HAVING count(DISTINCT partner) > 1"
            )
        ]

    def tells_of_accounts(self) -> bool:
        """Or of items: returns are counted by them. What the columns are is known beforehand."""
        return self._tells_of_accounts

    def _take_shipments(self, progress: Callable[[int], None]) -> None:
        file = HistoryFile(self._files[0], ShipmentRow, "shipments", progress)
        seen: dict[tuple[str, str], int] = {}

        def rows() -> Iterator[Sequence[object]]:
            for number, row in file.lines():
                if isinstance(row, Rejected):
                    self._reject(row)
                    continue
                key = (row.partner.casefold(), row.tracking_number)
                if (first := seen.setdefault(key, number)) != number:
                    self._reject_line(
                        self._files[0],
                        number,
                        f"{row.tracking_number} of {row.partner} is on line {first} already: "
                        "the first one counts",
                    )
                    continue
                yield (
                    number,
                    row.tracking_number,
                    row.partner,
                    _written(row.ordered_at),
                    _written(row.ship_by),
                    _written(row.shipped_at),
                    _written(_as_instant(row.promised_at)),
                    _told(row),
                )

        self.counts.shipments = self._insert("shipment", 8, rows())
        self._tells_of_accounts = not {"account", "item"}.isdisjoint(file.columns)

    def _take_checkpoints(self, progress: Callable[[int], None]) -> None:
        file = HistoryFile(self._files[1], CheckpointRow, "checkpoints", progress)

        def rows() -> Iterator[Sequence[object]]:
            for number, row in file.lines():
                if isinstance(row, Rejected):
                    self._reject(row)
                else:
                    yield (
                        number,
                        row.tracking_number,
                        _written(row.known_at),
                        _told(row),
                    )

        self.counts.checkpoints = self._insert("checkpoint", 4, rows())

    def _insert(self, table: str, width: int, rows: Iterator[Sequence[object]]) -> int:
        statement = f"INSERT INTO {table} VALUES ({','.join('?' * width)})"  # noqa: S608
        count = 0
        while batch := list(islice(rows, _AT_ONCE)):
            self._connection.executemany(statement, batch)
            count += len(batch)
        return count

    def _set_aside_far_off(self) -> None:
        lines_of = self._connection.execute(LINES_OF_DAYS)
        far_off = far_off_from([(date.fromisoformat(day), count) for day, count in lines_of])
        if far_off is None:
            return
        self.counts.shipments -= self._drop_far_off(
            self._files[0], "shipment WHERE max(known_at, coalesce(shipped_at, '')) >= ?", far_off
        )
        self.counts.checkpoints -= self._drop_far_off(
            self._files[1], "checkpoint WHERE known_at >= ?", far_off
        )

    def _drop_far_off(self, file: Path, which: str, far_off: date) -> int:
        """How many there were."""
        from_then = (far_off.isoformat(),)
        lines = self._connection.execute(
            f"SELECT line FROM {which} ORDER BY line",  # noqa: S608
            from_then,
        ).fetchall()
        for (line,) in lines:
            self._reject_line(
                file,
                line,
                f"it tells of {far_off} or later, more than a year after all else: mistyped?",
            )
        self._connection.execute(f"DELETE FROM {which}", from_then)  # noqa: S608
        return len(lines)

    def _set_aside_unknown(self) -> None:
        for line, number in self._connection.execute(
            "SELECT line, number FROM shipment WHERE known_at IS NULL ORDER BY line"
        ):
            self.counts.shipments -= 1
            reason = (
                f"nothing tells when {number} became known: it has neither ordered_at, ship_by, "
                "shipped_at nor promised_at, and no checkpoint"
            )
            self._reject_line(self._files[0], line, reason)
        for line, number in self._connection.execute(
            "SELECT line, number FROM checkpoint WHERE number NOT IN "
            "(SELECT number FROM shipment) ORDER BY line"
        ):
            self.counts.checkpoints -= 1
            self._reject_line(
                self._files[1], line, f"{self._files[0].name} has no shipment {number}"
            )

    def _reject_line(self, file: Path, line: int, reason: str) -> None:
        self._reject(Rejected(f"{file.name}:{line}", reason, ""))

    def _reject(self, rejected: Rejected) -> None:
        self.counts.set_aside += 1
        if len(self.set_aside) < LISTED_AT_MOST:
            self.set_aside.append(rejected)

    def _first_reason(self) -> str:
        if not self.set_aside:
            return "it has a header and no line."
        first = self.set_aside[0]
        return f"{first.place}: {first.reason}."


def news_of(spool: Path, shard: int) -> Iterator[News]:
    """Oldest first; a shipment before what happens to it."""
    with closing(sqlite3.connect(spool)) as connection:
        for at, kind, _, told in connection.execute(IN_ORDER, (shard,)):
            known_at = _instant(at)
            is_checkpoint = kind == _CHECKPOINT
            yield News(known_at, _checkpoint(told) if is_checkpoint else _shipment(told, known_at))


def _told(row: ShipmentRow | CheckpointRow) -> str:
    match row:
        case ShipmentRow():
            return row.model_dump_json(exclude_none=True)
        case CheckpointRow():
            reason = row.told_reason
            eta, on = split(row.eta)
            return json.dumps(
                (
                    row.tracking_number,
                    _written(row.occurred_at),
                    row.status.value,
                    reason.value if reason else None,
                    row.code,
                    row.description,
                    row.location,
                    _written(eta),
                    on.isoformat() if on else None,
                    row.quantity,
                    _written(row.known_at),
                    row.partner,
                )
            )


def _shipment(told: str, known_at: datetime) -> ShipmentReport:
    return ShipmentRow.model_validate(json.loads(told), context=FILE_FACTS).report(known_at)


def _checkpoint(told: str) -> CheckpointReport:
    number, at, status, reason, code, words, place, eta, on, quantity, known_at, partner = (
        json.loads(told)
    )
    return CheckpointReport(
        tracking_number=number,
        occurred_at=_instant(at),
        status=_STATUS[status],
        reason=_REASON[reason] if reason else None,
        raw_code=code,
        raw_text=words,
        location=place,
        estimated_at=_instant(eta) if eta else None,
        estimated_on=date.fromisoformat(on) if on else None,
        quantity=quantity,
        recorded_at=_instant(known_at),
        partner=partner,
    )


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _as_instant(moment: datetime | date | None) -> datetime | None:
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, END_OF_DAY, UTC)


def _written(instant: datetime | None) -> str | None:
    # Of one length and in UTC, so that text sorts as time does.
    return None if instant is None else instant.astimezone(UTC).isoformat(timespec="microseconds")
