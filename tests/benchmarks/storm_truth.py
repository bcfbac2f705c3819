"""What stands in Slack, read as a person reads it, held against what happened in the world."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from bot.messages import marks
from bot.workspace import Workspace
from bot.workspace.sights import Shown
from storage.vocabulary import CaseState
from tests.benchmarks.storm import (
    CRITICAL_LANES,
    DESTINATIONS,
    ORIGINS,
    PARTNERS,
    Trouble,
    channel_of,
    key_of,
    lane_of,
    troubles,
)

Group = tuple[str, str | None]
"""The channel of a message, and the one lane that it tells of, if it is only one."""
_LANE = re.compile(rf"({'|'.join(ORIGINS)}) → ({'|'.join(DESTINATIONS)})")
_NUMBER = re.compile(r"P\d\dL\d\dN\d\d")


@dataclass(frozen=True, slots=True)
class World:
    """How things are by now."""

    is_one_message_a_lane: bool
    have_arrived: bool = False
    taken: Collection[str] = ()
    """Numbers of those that somebody has."""

    def group_of(self, trouble: Trouble) -> Group:
        return channel_of(trouble.partner), lane_of(trouble) if self.is_one_message_a_lane else None

    def is_over(self, trouble: Trouble) -> bool:
        return self.have_arrived and trouble.arrives


@dataclass(frozen=True)
class Told:
    """A message that stands for a group of cases."""

    message: Shown

    @cached_property
    def group(self) -> Group:
        lanes = {found.group() for found in _LANE.finditer(self.message.says)}
        return self.message.channel, lanes.pop() if len(lanes) == 1 else None

    @cached_property
    def cases(self) -> int:
        found = re.search(r"· ([\d,]+) ", self._title)
        return _number(found.group(1)) if found else 0

    @cached_property
    def still_open(self) -> int:
        if "all over" in self._title:
            return 0
        found = re.search(r"([\d,]+) still open", self._title)
        return _number(found.group(1)) if found else self.cases

    @cached_property
    def was_critical(self) -> bool:
        """Whether it tells of a case that was critical when it was posted."""
        _, lane = self.group
        return lane is None or lane.startswith(tuple(ORIGINS[each] for each in CRITICAL_LANES))

    @cached_property
    def rows(self) -> Mapping[str, bool]:
        """By number, whether somebody has it."""
        cells = ["\n".join(row) for row in self.message.table]
        taken = marks.STATE[CaseState.ACKNOWLEDGED]
        return {found.group(): taken in row for row in cells if (found := _NUMBER.search(row))}

    @cached_property
    def lists(self) -> list[list[str]]:
        """The numbers in each list in its thread, as of when it was made."""
        files = [file for reply in self.message.thread for file in reply.files]
        return [_numbers(file.content.splitlines()[1:]) for file in files]

    @property
    def _title(self) -> str:
        return self.message.says.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cases that no message tells of, or more than one; messages that say what is not so."""

    lost: int
    doubled: int
    untrue: Sequence[str]

    @property
    def is_true(self) -> bool:
        return not (self.lost or self.doubled or self.untrue)


def told_by(workspace: Workspace) -> list[Told]:
    return [
        Told(message)
        for partner in range(PARTNERS)
        for message in workspace.channel(key_of(partner)).messages
        if message.thread_ts is None
    ]


def judge(workspace: Workspace, world: World) -> Verdict:
    expected: defaultdict[Group, list[Trouble]] = defaultdict(list)
    for trouble in troubles():
        expected[world.group_of(trouble)].append(trouble)
    told: defaultdict[Group, list[Told]] = defaultdict(list)
    for each in told_by(workspace):
        told[each.group].append(each)
    lost = doubled = 0
    untrue: list[str] = [f"unheard of: {group}" for group in told.keys() - expected.keys()]
    for group, members in expected.items():
        messages = told[group]
        doubled += len(members) * max(len(messages) - 1, 0)
        if not messages:
            lost += len(members)
            continue
        faults = list(_faults(messages[0], members, world))
        untrue.extend(f"{group}: {fault}" for fault in faults)
    return Verdict(lost, doubled, untrue)


def _faults(told: Told, members: Sequence[Trouble], world: World) -> Iterator[str]:
    numbers = {one.number for one in members}
    open_ones = {one.number for one in members if not world.is_over(one)}
    if told.cases != len(members):
        yield f"tells of {told.cases} cases, not of {len(members)}"
    if told.still_open != len(open_ones):
        yield f"says that {told.still_open} are open, not {len(open_ones)}"
    if not told.rows.keys() <= open_ones:
        yield f"shows {sorted(told.rows.keys() - open_ones)[:3]}"
    if len(told.rows) < len(open_ones) and not told.lists:
        yield f"shows {len(told.rows)} of {len(open_ones)}, and lists none"
    for listed in told.lists:
        if len(set(listed)) < len(listed) or not numbers.issuperset(listed):
            yield "lists some twice, or another's"
    wrongly = [each for each, taken in told.rows.items() if taken != (each in world.taken)]
    if wrongly:
        yield f"is wrong about who has {wrongly[:3]}"


def posted_at(message: Shown) -> datetime:
    return datetime.fromtimestamp(float(message.ts), UTC)


def changed_at(workspace: Workspace, message: Shown) -> datetime:
    """When it was last edited, else posted."""
    stored = workspace.office.state.message(message.channel, message.ts)
    edited = stored.edited if stored else None
    return datetime.fromtimestamp(float(str(edited["ts"]) if edited else message.ts), UTC)


def _numbers(lines: Sequence[str]) -> list[str]:
    return [found.group() for line in lines if (found := _NUMBER.search(line))]


def _number(words: str) -> int:
    return int(words.replace(",", ""))
