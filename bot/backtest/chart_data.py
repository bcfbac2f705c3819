"""What the charts of a backtest's page are drawn from, as JSON."""

import json
from datetime import timedelta
from itertools import pairwise

from bot.backtest.results import LEAD_EDGES, KindFigures, Results
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind, OutboxMethod

_HOUR = timedelta(hours=1)


def chart_data(results: Results) -> str:
    """JSON that cannot end the element it stands in, whatever a partner is called."""
    return (
        json.dumps(_figures(results), separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )


def _figures(results: Results) -> dict[str, object]:
    channels = channels_of(results)
    kinds = sorted({said.kind for said in results.messages})
    first = results.since.date()
    posts: dict[tuple[int, int, int], int] = {}
    for said, count in results.messages.items():
        if said.method is OutboxMethod.POST:
            key = (
                (said.day - first).days,
                channels.index(said.channel),
                kinds.index(said.kind),
            )
            posts[key] = posts.get(key, 0) + count
    shown = by_size(results)
    return {
        "first_day": first.isoformat(),
        "days": results.days,
        "channels": [results.channels.get(channel, channel) for channel in channels],
        "kinds": [_name_of_message(kind) for kind in kinds],
        "posts": [[*key, count] for key, count in sorted(posts.items())],
        "leads": {"names": _lead_names(), "counts": results.lead_histogram()},
        "verdicts": {
            "names": [name_of(figures.kind) for figures in shown],
            "right": [figures.right for figures in shown],
            "wrong": [figures.wrong for figures in shown],
            "undecided": [figures.undecided for figures in shown],
        },
    }


def _lead_names() -> list[str]:
    hours = [edge // _HOUR for edge in LEAD_EDGES]
    names = [f"under {hours[0]} h"]
    names += [
        f"{low}–{high} h" if high <= 48 else f"{low // 24}–{high // 24} days"
        for low, high in pairwise(hours)
    ]
    return [*names, f"over {hours[-1] // 24} days"]


def posts_by_channel(results: Results) -> dict[str, int]:
    posts: dict[str, int] = {}
    for said, count in results.messages.items():
        if said.method is OutboxMethod.POST:
            posts[said.channel] = posts.get(said.channel, 0) + count
    return posts


def channels_of(results: Results) -> list[str]:
    return sorted({said.channel for said in results.messages})


def by_size(results: Results) -> list[KindFigures]:
    return sorted(results.kinds.values(), key=lambda figures: (-figures.cases, figures.kind))


def name_of(kind: CaseKind) -> str:
    return words_of(kind).name


def _name_of_message(kind: str) -> str:
    """Of one kind of case, or why it tells of several."""
    if kind in list(CaseKind):
        return name_of(CaseKind(kind))
    return {"storm": "Storm", "held_back": "Held back"}.get(kind, "Other")
