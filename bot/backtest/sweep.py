"""The same history again, with one threshold scaled wherever the book or a rule sets it."""

from bot.book.fields import nearest
from bot.book.models import Book, ScopedThresholdsEntry, ThresholdsEntry
from bot.rules.catalogue import RULES, THRESHOLDS
from bot.rules.policy import Threshold, ThresholdUnit

FACTORS = (0.5, 2.0)


class UnknownThreshold(Exception):
    """The text names the one that was probably meant."""


def threshold_named(name: str) -> Threshold:
    """Raises UnknownThreshold."""
    known = {threshold.name: threshold for threshold in THRESHOLDS}
    if name in known:
        return known[name]
    of_rule = [one.name for rule in RULES if rule.kind == name for one in rule.thresholds]
    meant = " or ".join(of_rule) or nearest(name, known, likeness=0.5)
    raise UnknownThreshold(
        f"No rule has a threshold {name!r}."
        + (f" Did you mean {meant}?" if meant else f" There are: {', '.join(sorted(known))}.")
    )


def scaled(book: Book, threshold: Threshold, factor: float) -> Book:
    """What is off stays off."""
    return book.model_copy(
        update={
            "thresholds": _scaled_scope(book.thresholds, threshold, factor, threshold.default),
            "partners": tuple(
                partner.model_copy(
                    update={
                        "thresholds": _scaled_scope(partner.thresholds, threshold, factor, None)
                    }
                )
                for partner in book.partners
            ),
        }
    )


def _scaled_scope(
    scope: ScopedThresholdsEntry, threshold: Threshold, factor: float, default: float | None
) -> ScopedThresholdsEntry:
    services = {
        name: entry.model_copy(update=_setting(entry, threshold, factor, None))
        for name, entry in scope.services.items()
    }
    setting = _setting(scope, threshold, factor, default)
    return scope.model_copy(update={**setting, "services": services})


def _setting(
    entry: ThresholdsEntry, threshold: Threshold, factor: float, default: float | None
) -> dict[str, object]:
    value: float | str | None = getattr(entry, threshold.name)
    if isinstance(value, str):
        return {}
    if value is None:
        value = default
    if value is None:
        return {}
    changed = value * factor
    if threshold.unit is ThresholdUnit.ATTEMPTS:
        changed = round(changed)
    within = min(max(changed, threshold.minimum), threshold.maximum)
    return {threshold.name: within}
