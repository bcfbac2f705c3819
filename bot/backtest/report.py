"""The page of a backtest: figures, charts, tables and what they mean, all in one file."""

from datetime import timedelta
from importlib.resources import files

from bot.backtest.chart_data import by_size, channels_of, chart_data, name_of, posts_by_channel
from bot.backtest.definitions import DEFINITIONS
from bot.backtest.html import Html, element, escaped, joined, table
from bot.backtest.results import (
    WAITS,
    KindFigures,
    Results,
    Share,
    Swept,
    WaitCost,
    has_thresholds,
)
from bot.messages import text
from storage.vocabulary import OutboxMethod

SHOWN_SET_ASIDE = 200  # lines
_HOUR = timedelta(hours=1)


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
        f'<script type="application/json" id="figures">{chart_data(results)}</script>\n'
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
    posts = posts_by_channel(results)
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
    posts = posts_by_channel(results)
    choices = joined(
        element("option", "All channels", value="-1"),
        *(
            element("option", results.channels.get(channel, channel), value=str(at))
            for at, channel in enumerate(channels_of(results))
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
        "New messages, by channel. What belongs together is one message, edited as it goes on.",
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
    rows = [_kind_row(figures) for figures in by_size(results)]
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
        name_of(figures.kind),
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
        for figures in by_size(results)
        if has_thresholds(figures.kind) and figures.right + figures.wrong
    ]
    rows = [
        (
            joined(
                escaped(name_of(figures.kind)),
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
        *(joined(element("dt", word), element("dd", meaning)) for word, meaning in DEFINITIONS)
    )
    return _section("What the words mean", "", element("dl", entries))


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
