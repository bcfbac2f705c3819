"""The table of rules as Markdown, made of what the code itself says of them: docs/rules.md."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType

from bot.cases.holding import FLAPPING_HOLD, FLAPS_FROM
from bot.cases.remembering import REOPENS_WITHIN
from bot.messages.text import capital
from bot.rules import (
    measurement_impossible,
    measurement_missing,
    returns_above_normal,
    source_health,
    source_stale,
    terms,
)
from bot.rules.catalogue import RULES
from bot.rules.finding import ShipmentRule
from bot.rules.policy import CanBeOff, Threshold, ThresholdUnit
from bot.rules.severity import HIGH_VALUE_FROM
from storage.vocabulary import CaseKind, Reason, Side

_HOUR = timedelta(hours=1)
_CHAPTERS: tuple[tuple[str, tuple[CaseKind, ...]], ...] = (
    ("Before the journey", (CaseKind.NOT_DISPATCHED, CaseKind.NEVER_PICKED_UP)),
    (
        "On the way",
        (
            CaseKind.NO_SCAN,
            CaseKind.CARRIER_DELAY,
            CaseKind.ETA_PAST_PROMISE,
            CaseKind.WRONG_WAY,
            CaseKind.CUSTOMS_HOLD,
            CaseKind.ON_HOLD,
            CaseKind.DAMAGED,
            CaseKind.LOST,
        ),
    ),
    (
        "The last mile",
        (
            CaseKind.DELIVERY_ATTEMPT_FAILED,
            CaseKind.ADDRESS_PROBLEM,
            CaseKind.REFUSED,
            CaseKind.PICKUP_EXPIRING,
        ),
    ),
    ("The promise", (CaseKind.PROMISE_PASSED, CaseKind.DELIVERED_SHORT)),
    (
        "The way back",
        (
            CaseKind.RETURNING_UNASKED,
            CaseKind.RETURN_NOT_PROCESSED,
            CaseKind.RETURNS_ABOVE_NORMAL,
        ),
    ),
    ("The contract", (CaseKind.TERM_BREACHED,)),
    (
        "The feed itself",
        (
            CaseKind.SOURCE_FAILING,
            CaseKind.SOURCE_STALE,
            CaseKind.NUMBER_UNKNOWN,
            CaseKind.NUMBER_REUSED,
            CaseKind.CHECKPOINTS_CONTRADICT,
        ),
    ),
    ("KPI feeds", (CaseKind.MEASUREMENT_MISSING, CaseKind.MEASUREMENT_IMPOSSIBLE)),
)
_OTHER_MODULES: Mapping[CaseKind, ModuleType] = {
    CaseKind.RETURNS_ABOVE_NORMAL: returns_above_normal,
    CaseKind.TERM_BREACHED: terms,
    CaseKind.SOURCE_FAILING: source_health,
    CaseKind.SOURCE_STALE: source_stale,
    CaseKind.MEASUREMENT_MISSING: measurement_missing,
    CaseKind.MEASUREMENT_IMPOSSIBLE: measurement_impossible,
}
"""Of what is no shipment: which module defines the kind."""
_RULE_OF: Mapping[CaseKind, ShipmentRule] = {rule.kind: rule for rule in RULES}
_LABELLED = ("Severity", "Clears", "Turn")


class NotDefined(Exception):
    """A kind of case whose module does not say in its docstring what it should."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The docstring of a rule, taken apart."""

    kind: CaseKind
    name: str
    definition: str
    severity: str
    clears: str
    turn: str
    notes: tuple[str, ...]
    """What else it says, a paragraph or a list each, as Markdown."""
    thresholds: tuple[Threshold, ...] = ()
    explains: frozenset[CaseKind] = frozenset()
    hold: timedelta = timedelta()


def definition_of(kind: CaseKind) -> Definition:
    """Raises NotDefined for a kind that no rule finds, or whose docstring lacks a part."""
    rule = _RULE_OF.get(kind)
    module = sys.modules[type(rule).__module__] if rule else _OTHER_MODULES.get(kind)
    if module is None:
        raise NotDefined(f"no rule finds {kind}")
    first, *paragraphs = (module.__doc__ or "").strip().split("\n\n")
    name, colon, definition = _on_one_line(first).partition(": ")
    if not colon:
        raise NotDefined(f"{module.__name__} does not begin with `Name: definition`")
    labelled: dict[str, str] = {}
    notes = []
    for paragraph in paragraphs:
        label, _, text = paragraph.partition(": ")
        if label in _LABELLED:
            labelled[label] = _on_one_line(text)
        else:
            notes.append(paragraph if _is_list(paragraph) else _on_one_line(paragraph))
    lacking = [label for label in _LABELLED if label not in labelled]
    if lacking:
        raise NotDefined(f"{module.__name__} does not say: {', '.join(lacking)}")
    return Definition(
        kind=kind,
        name=name,
        definition=capital(definition),
        severity=capital(labelled["Severity"]),
        clears=capital(labelled["Clears"]),
        turn=capital(labelled["Turn"]),
        notes=tuple(notes),
        thresholds=rule.thresholds if rule else (),
        explains=rule.explains if rule else frozenset(),
        hold=rule.hold if rule else timedelta(),
    )


def rules_as_markdown() -> str:
    """The whole page, with a line break at its end."""
    chapters = [
        (title, [definition_of(kind) for kind in kinds]) for title, kinds in _CHAPTERS if kinds
    ]
    parts = [_INTRODUCTION]
    for title, definitions in chapters:
        parts += [f"## {title}", _table(_HEADER, [_row(one) for one in definitions])]
        parts += [part for one in definitions for part in _details(one)]
    parts += ["## Thresholds", _ABOUT_THRESHOLDS, _threshold_table(chapters)]
    parts += ["## Whose side a reason is on", _ABOUT_SIDES, _side_table()]
    return "\n\n".join(parts) + "\n"


_HEADER = ("kind", "definition", "thresholds", "severity", "turn", "clears")
_INTRODUCTION = f"""\
# Rules

What Tallyman calls an exception. The code makes this page: `tallyman rules > docs/rules.md`.

- There is one open case for each subject and kind. *Turn* is who acts next.
- A case resolves by itself once its condition has stayed clear for its hold time; where none is
  named, at once. It does so at once, too, when the journey is over and when another exception
  explains it.
- What comes back within {REOPENS_WITHIN // _HOUR} hours reopens the same case, in the same thread.
  After {FLAPS_FROM} times it stays open until it has been clear for {FLAPPING_HOLD // _HOUR} hours.
- What is concluded from silence (never picked up, no scan, promise passed, and the like) counts
  only as far as the source has been heard: while a source is down, there is one case, about it.
- One step more severe are the exceptions of a shipment whose customer has the priority `high`, or
  that is worth at least `{HIGH_VALUE_FROM.name}`."""
_ABOUT_THRESHOLDS = """\
They are set in the book: for all, for a partner, for a service of a partner. `tallyman check` shows
those that hold."""
_ABOUT_SIDES = "It decides who acts next where a rule leaves the turn to the side of the reason."


def _row(one: Definition) -> tuple[str, ...]:
    thresholds = "<br>".join(f"`{each.name}`: {_default(each)}" for each in one.thresholds)
    kind = f"**{one.name}**<br>`{one.kind}`"
    return kind, one.definition, thresholds or "–", one.severity, one.turn, one.clears


def _details(one: Definition) -> list[str]:
    """What the table has no room for; nothing where there is nothing more to say."""
    more = list(one.notes)
    if one.hold:
        more.append(f"Hold time: {one.hold / _HOUR:g} hours.")
    if one.explains:
        kinds = ", ".join(f"`{kind}`" for kind in CaseKind if kind in one.explains)
        more.append(f"While it stands, these are held back: {kinds}.")
    return [f"### {one.name}", *more] if more else []


def _threshold_table(chapters: Sequence[tuple[str, Sequence[Definition]]]) -> str:
    declared = [each for _, ones in chapters for one in ones for each in one.thresholds]
    rows = [
        (
            f"`{each.name}`",
            each.meaning,
            _default(each),
            f"{each.minimum:g} to {each.maximum:g}",
            "yes" if each.can_be_off is CanBeOff.YES else "no",
        )
        for each in (*declared, HIGH_VALUE_FROM)
    ]
    return _table(("threshold", "what it is", "default", "from, to", "may be `off`"), rows)


def _side_table() -> str:
    rows = [
        (side.value, ", ".join(f"`{reason}`" for reason in Reason if reason.side is side))
        for side in Side
    ]
    return _table(("side", "reasons"), rows)


def _default(threshold: Threshold) -> str:
    if threshold.default is None:
        return "off"
    unit = "" if threshold.unit is ThresholdUnit.VALUE else f" {threshold.unit}"
    return f"{threshold.default:g}{unit}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _on_one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _is_list(paragraph: str) -> bool:
    return paragraph.startswith("- ")
