"""The page of a backtest: figures, charts, tables and what they mean, all in one file."""

import json
from datetime import timedelta
from importlib.resources import files
from itertools import pairwise

from bot.backtest.html import Html, element, escaped, joined, table
from bot.backtest.results import (
    LEAD_EDGES,
    WAITS,
    KindFigures,
    Results,
    Share,
    Swept,
    WaitCost,
    has_thresholds,
)
from bot.messages import text
from bot.messages.kinds import words_of
from storage.vocabulary import CaseKind, OutboxMethod

SHOWN_SET_ASIDE = 200  # lines
_HOUR = timedelta(hours=1)

_DEFINITIONS = (
    (
        "Late",
        "Delivered after its promise; or not delivered when its promise was over, be it lost, on "
        "its way back, or simply not there by the end of the history. Delivered at the promised "
        "moment is in time. Cancelled shipments, those without a promise, and those whose promise "
        "lies after the end are not counted.",
    ),
    (
        "Announced",
        "A case that says that a shipment will not keep its promise, such as no scan, a hold or a "
        "slipped ETA, was opened before the promise passed. The first such case counts.",
    ),
    ("Recall", "Of the late shipments, the share that was announced."),
    (
        "Precision",
        "Of the announced shipments, the share that became late. An announcement whose shipment "
        "came in time is counted as wrong, also where it came in time because somebody acted: a "
        "history doesn't tell.",
    ),
    ("Lead time", "From the first announcement of a late shipment to its promise."),
    (
        "Right, wrong",
        "A case that foretells lateness, or says that a promise has passed, is right where the "
        "shipment is late and wrong where it came in time. Of a case that repeats what was "
        "reported, such as damage, no delivery tells whether it was worth a look.",
    ),
    (
        "Message",
        "A new post in a channel. Replies in its thread and edits of the post itself come on top, "
        "and ring no bell.",
    ),
    (
        "Known",
        "A checkpoint from its recorded_at, else its occurred_at; a shipment from its ordered_at, "
        "else from the first of shipped_at, its first checkpoint and its promise. Nothing is used "
        "before it is known.",
    ),
)


def report_page(results: Results, title: str, swept: tuple[Swept, ...] = ()) -> str:
    """A whole HTML document that needs nothing else."""
    static = files("bot.backtest") / "static"
    body = joined(
        element("h1", title),
        element("p", _what_it_is(results), class_="soft"),
        _tiles(results),
        _messages(results),
        _lateness(results),
        _kinds(results),
        _thresholds(results),
        _swept(results, swept),
        _set_aside(results),
        _definitions(),
    )
    script = (static / "report.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n"
        f"<style>{(static / 'report.css').read_text(encoding='utf-8')}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n"
        f'<script type="application/json" id="figures">{_embedded(_figures(results))}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _what_it_is(results: Results) -> str:
    counts = results.counts
    return (
        f"What Tallyman would have said from {results.since:%-d %B %Y} to "
        f"{results.end:%-d %B %Y}, knowing at each moment only what was known by then: "
        f"{_count(counts.shipments, 'shipment')} with {_count(counts.checkpoints, 'checkpoint')} "
        f"of {_count(results.partners, 'partner')}. Days are in UTC."
    )


def _tiles(results: Results) -> Html:
    posts = _posts_by_channel(results)
    total = sum(posts.values())
    late = results.recall
    wrong = results.precision.whole - results.precision.part
    busiest = max(posts, key=lambda channel: posts[channel], default=None)
    return element(
        "div",
        joined(
            _tile(
                "Messages a day",
                f"{total / results.days:.1f}",
                f"{total:,} in {_count(results.days, 'day')}, over {_count(len(posts), 'channel')}"
                + (
                    f"; the busiest, {results.channels.get(busiest, busiest)}, "
                    f"has {posts[busiest] / results.days:.1f}"
                    if busiest
                    else ""
                ),
            ),
            _tile(
                "Late deliveries announced",
                _percent(late),
                f"{late.part:,} of {late.whole:,} late ones, before their promise passed (recall)",
            ),
            _tile(
                "Announced this long before",
                _long(results.median_lead),
                f"median of {len(results.lead_times):,}, from first announcement to promise",
            ),
            _tile(
                "Announcements that came true",
                _percent(results.precision),
                f"{results.precision.part:,} of {results.precision.whole:,} announced shipments "
                f"became late; {wrong:,} came in time after all (precision)",
            ),
        ),
        class_="tiles",
    )


def _messages(results: Results) -> Html:
    posts = _posts_by_channel(results)
    choices = joined(
        element("option", "All channels", value="-1"),
        *(
            element("option", results.channels.get(channel, channel), value=str(at))
            for at, channel in enumerate(_channels(results))
        ),
    )
    rows = []
    for channel in sorted(posts, key=lambda each: -posts[each]):
        by_method = dict.fromkeys(OutboxMethod, 0)
        by_day: dict[object, int] = {}
        for said, count in results.messages.items():
            if said.channel == channel:
                by_method[said.method] += count
                if said.method is OutboxMethod.POST:
                    by_day[said.day] = by_day.get(said.day, 0) + count
        busiest = max(by_day.values(), default=0)
        rows.append(
            (
                results.channels.get(channel, channel),
                f"{by_method[OutboxMethod.POST]:,}",
                f"{by_method[OutboxMethod.POST] / results.days:.1f}",
                f"{busiest:,}",
                f"{by_method[OutboxMethod.REPLY]:,}",
                f"{by_method[OutboxMethod.EDIT]:,}",
            )
        )
    return _section(
        "What each channel would have had to read",
        "New messages, by channel. A case is one message, which is edited as the case goes on.",
        _figure("by-channel"),
        element("h2", "The same by kind"),
        element("select", choices, id="channel", aria_label="Channel"),
        _figure("by-kind"),
        table(("Channel", "Messages", "A day", "Busiest day", "Replies in threads", "Edits"), rows),
    )


def _lateness(results: Results) -> Html:
    return _section(
        "How long before its promise a late delivery was announced",
        f"{results.recall.part:,} of {results.recall.whole:,} late deliveries were; the other "
        f"{results.recall.whole - results.recall.part:,} became late without a sign of it in the "
        "checkpoints, or were only announced once their promise had passed.",
        _figure("leads"),
    )


def _kinds(results: Results) -> Html:
    rows = [_kind_row(figures) for figures in _by_size(results)]
    return _section(
        "What was said, and whether it was right",
        "Cases by kind, judged by what became of their shipments. Precision and lead time are of "
        "those that were opened before the promise passed.",
        _figure("verdicts"),
        table(
            (
                "Kind",
                "Cases",
                "Right",
                "Wrong",
                "Not to be told",
                "Announced in time",
                "Precision",
                "Median lead",
            ),
            rows,
        ),
    )


def _kind_row(figures: KindFigures) -> tuple[str | Html, ...]:
    return (
        _name(figures.kind),
        f"{figures.cases:,}",
        f"{figures.right:,}",
        element("span", f"{figures.wrong:,}", class_="wrong" if figures.wrong else "soft"),
        f"{figures.undecided:,}",
        f"{figures.announced:,}",
        _percent(figures.precision) if figures.announced else "–",
        _long(figures.median_lead) if figures.lead_times else "–",
    )


def _thresholds(results: Results) -> Html:
    shown = [
        figures
        for figures in _by_size(results)
        if has_thresholds(figures.kind) and figures.right + figures.wrong
    ]
    rows = [
        (
            joined(
                escaped(_name(figures.kind)),
                element("small", f"{figures.cases:,} cases, {figures.wrong:,} wrong"),
            ),
            *map(_wait_cell, figures.waits),
        )
        for figures in shown
    ]
    return _section(
        "What a longer threshold would have spared, and cost",
        "Had cases of a kind waited so much longer before they were opened: how many would not "
        "have been, because they were over by then; how many of those were wrong; and how many "
        "late deliveries that the kind announced in time would have been missed.",
        table(("Kind", *(f"+ {wait // _HOUR} h" for wait in WAITS)), rows),
        element(
            "p",
            "Thresholds are set in the book: for all, by partner and by service. "
            "A threshold that counts working hours reaches further than the hours shown here.",
            class_="note",
        ),
    )


def _wait_cell(cost: WaitCost) -> Html:
    if not cost.spared and not cost.lost:
        return element("span", "0", class_="soft")
    return joined(
        f"−{cost.spared:,}" if cost.spared else "0",
        element("small", f"{cost.spared_wrong:,} wrong"),
        element("small", f"{cost.lost:,} missed", class_="wrong" if cost.lost else "soft"),
    )


def _swept(results: Results, swept: tuple[Swept, ...]) -> Html:
    if not swept:
        return joined()
    rows = [
        (
            element("code", one.name),
            element("span", f"× {one.factor:g}"),
            f"{one.results.cases:,}",
            f"{sum(kind.wrong for kind in one.results.kinds.values()):,}",
            str(one.results.recall),
            str(one.results.precision),
            _long(one.results.median_lead),
        )
        for one in swept
    ]
    base = (
        "as it is",
        "× 1",
        f"{results.cases:,}",
        f"{sum(kind.wrong for kind in results.kinds.values()):,}",
        str(results.recall),
        str(results.precision),
        _long(results.median_lead),
    )
    return _section(
        "The same history with other thresholds",
        "Each line is a run of its own.",
        table(
            ("Threshold", "Times", "Cases", "Wrong", "Recall", "Precision", "Median lead"),
            [base, *rows],
        ),
    )


def _set_aside(results: Results) -> Html:
    count = results.counts.set_aside
    if not count:
        return _section("Lines set aside", "None: every line could be taken.")
    shown = results.set_aside[:SHOWN_SET_ASIDE]
    rows = [(element("code", one.place), one.reason) for one in shown]
    more = f" The first {len(shown):,} are shown." if len(shown) < count else ""
    return _section(
        "Lines set aside",
        f"{_count(count, 'line')} could not be taken, and nothing above counts them.{more}",
        element(
            "details",
            joined(element("summary", "Which, and why"), table(("Where", "Why"), rows, texts=2)),
        ),
    )


def _definitions() -> Html:
    entries = joined(
        *(joined(element("dt", word), element("dd", meaning)) for word, meaning in _DEFINITIONS)
    )
    return _section("What the words mean", "", element("dl", entries))


def _figures(results: Results) -> dict[str, object]:
    channels = _channels(results)
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
    by_size = _by_size(results)
    return {
        "first_day": first.isoformat(),
        "days": results.days,
        "channels": [results.channels.get(channel, channel) for channel in channels],
        "kinds": [_name_of_message(kind) for kind in kinds],
        "posts": [[*key, count] for key, count in sorted(posts.items())],
        "leads": {"names": _lead_names(), "counts": results.lead_histogram()},
        "verdicts": {
            "names": [_name(figures.kind) for figures in by_size],
            "right": [figures.right for figures in by_size],
            "wrong": [figures.wrong for figures in by_size],
            "undecided": [figures.undecided for figures in by_size],
        },
    }


def _embedded(figures: dict[str, object]) -> str:
    """JSON that cannot end the element it stands in, whatever a partner is called."""
    return (
        json.dumps(figures, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )


def _lead_names() -> list[str]:
    hours = [edge // _HOUR for edge in LEAD_EDGES]
    names = [f"under {hours[0]} h"]
    names += [
        f"{low}–{high} h" if high <= 48 else f"{low // 24}–{high // 24} days"
        for low, high in pairwise(hours)
    ]
    return [*names, f"over {hours[-1] // 24} days"]


def _posts_by_channel(results: Results) -> dict[str, int]:
    posts: dict[str, int] = {}
    for said, count in results.messages.items():
        if said.method is OutboxMethod.POST:
            posts[said.channel] = posts.get(said.channel, 0) + count
    return posts


def _channels(results: Results) -> list[str]:
    return sorted({said.channel for said in results.messages})


def _by_size(results: Results) -> list[KindFigures]:
    return sorted(results.kinds.values(), key=lambda figures: (-figures.cases, figures.kind))


def _name(kind: CaseKind) -> str:
    return words_of(kind).name


def _name_of_message(kind: str) -> str:
    """Of one kind of case, or why it tells of several."""
    if kind in list(CaseKind):
        return _name(CaseKind(kind))
    return {"storm": "Storm", "held_back": "Held back"}.get(kind, "Other")


def _section(title: str, lead: str, *parts: Html) -> Html:
    return element("section", joined(element("h2", title), element("p", lead), *parts))


def _figure(name: str) -> Html:
    canvas = element("canvas", "", id=name, role="img", aria_label=name)
    return element("figure", joined(element("span", "", class_="unit"), canvas))


def _tile(name: str, figure: str, about: str) -> Html:
    return element(
        "div",
        joined(element("span", name), element("b", figure), element("small", about)),
        class_="tile",
    )


def _percent(share: Share) -> str:
    return "unknown" if share.value is None else f"{share.value:.0%}"


def _long(span: timedelta | None) -> str:
    return "unknown" if span is None else text.span(span)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
