"""Every rule of shipments: each module of this package with a `RULE` in it, and nothing else.

Adding a rule is adding its module.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import bot.rules
from bot.rules.finding import NOTHING, Finding, ShipmentRule
from bot.rules.journey import Journey
from bot.rules.policy import Policy, Threshold
from bot.rules.severity import HIGH_VALUE_FROM, why_it_matters
from storage.vocabulary import CaseKind, Status


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules say of one journey: causes, and not their symptoms."""

    findings: tuple[Finding, ...]
    look_again_at: datetime | None
    """The earliest moment at which any rule may say something else though nothing is heard, be it
    one whose finding is held back."""
    held_back: Mapping[CaseKind, CaseKind] = field(default_factory=dict)
    """What was found and not said, and the kind of the finding that says it instead."""


def judge(journey: Journey, policy: Policy, now: datetime) -> Judgement:
    found: list[Finding] = []
    look_again_at: datetime | None = None
    for rule in _RULES_IN[journey.status]:
        verdict = rule.judge(journey, policy, now)
        if verdict is NOTHING:
            continue
        if verdict.finding is not None:
            found.append(_with_weight(verdict.finding, journey, policy))
        at = verdict.look_again_at
        if at is not None and (look_again_at is None or at < look_again_at):
            look_again_at = at
    held_back = _held_back([finding.kind for finding in found]) if len(found) > 1 else {}
    said = tuple(finding for finding in found if finding.kind not in held_back)
    return Judgement(said, look_again_at, held_back)


def _with_weight(finding: Finding, journey: Journey, policy: Policy) -> Finding:
    """The severity may come from the customer and the value: the facts then say so."""
    matters = why_it_matters(journey, policy.thresholds)
    if matters is None:
        return finding
    return replace(finding, facts={**finding.facts, "matters": matters})


def _held_back(found: Sequence[CaseKind]) -> dict[CaseKind, CaseKind]:
    """By each kind that another explains, the one that does and is not itself held back."""
    because_of = {
        kind: cause for cause in reversed(found) for kind in found if kind in _EXPLAINED_BY[cause]
    }
    return {kind: _first_cause(cause, because_of) for kind, cause in because_of.items()}


def _first_cause(kind: CaseKind, because_of: Mapping[CaseKind, CaseKind]) -> CaseKind:
    while kind in because_of:
        kind = because_of[kind]
    return kind


def _rules() -> Iterator[ShipmentRule]:
    for module in sorted(pkgutil.iter_modules(bot.rules.__path__), key=lambda found: found.name):
        if f"{bot.rules.__name__}.{module.name}" == __name__:
            continue
        rule: ShipmentRule | None = getattr(
            importlib.import_module(f"{bot.rules.__name__}.{module.name}"), "RULE", None
        )
        if rule is not None:
            yield rule


RULES: tuple[ShipmentRule, ...] = tuple(_rules())
"""In the order of their modules' names."""

THRESHOLDS: tuple[Threshold, ...] = (
    *(threshold for rule in RULES for threshold in rule.thresholds),
    HIGH_VALUE_FROM,
)
"""All that the book may set."""

_EXPLAINED_BY = {rule.kind: rule.explains for rule in RULES}
_RULES_IN = {status: tuple(rule for rule in RULES if status in rule.statuses) for status in Status}
