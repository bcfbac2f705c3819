"""The answer to /scorecard: each KPI against its target and the month before."""

from collections.abc import Sequence

from bot.messages import kpi_words, marks, text
from bot.messages.blocks import Block, Message, context, section
from bot.messages.cards import CaseCard
from bot.messages.lists import as_of, case_line, listing, worst_first
from bot.scorecards.catalogue import Origin
from bot.scorecards.figures import Figure, Scorecard, Standing

CASES_SHOWN = 5
NO_TARGETS = "no targets are agreed"

_JUDGED = {
    Standing.MET: "as promised",
    Standing.MISSED: "short of the target",
    Standing.TOO_FEW: "too few to judge",
    Standing.UNKNOWN: "unknown",
}


def scorecard_view(
    card: Scorecard, open_cases: Sequence[CaseCard] = (), not_read: int = 0
) -> Message:
    """`not_read`: open cases beyond those given."""
    name = text.safe(card.partner_name, 80)
    so_far = "" if card.is_over else " so far"
    title = f"{name} · {card.period.label}{so_far}"
    counts = _counts(card)
    spoken = ", ".join(f"{count} {_JUDGED[standing]}" for standing, count in counts) or NO_TARGETS
    return listing(
        f"{title}: {spoken}",
        [section(f"*{title}*\n{_summary(counts)}")],
        [_line(figure, card) for figure in card.figures],
        [
            *_cases(open_cases, not_read),
            context(_footer(card)),
        ],
    )


def _counts(card: Scorecard) -> list[tuple[Standing, int]]:
    """How many of those with a target stand how; none left out, none of 0."""
    judged = [figure.standing for figure in card.figures if figure.target is not None]
    return [(standing, judged.count(standing)) for standing in _JUDGED if standing in judged]


def _summary(counts: Sequence[tuple[Standing, int]]) -> str:
    told = [f"{marks.STANDING[standing]} {count} {_JUDGED[standing]}" for standing, count in counts]
    return ", ".join(told) or NO_TARGETS


def _line(figure: Figure, card: Scorecard) -> str:
    shown = kpi_words.figure(figure.kpi, figure.rate, figure.target)
    lines = [f"{marks.STANDING[figure.standing]} *{text.safe(figure.kpi.title, 80)}*: {shown}"]
    details = [_target(figure), kpi_words.change(figure), *_weight(figure, card)]
    told = " · ".join(detail for detail in details if detail)
    return "\n".join([*lines, f"      {told}"] if told else lines)


def _target(figure: Figure) -> str:
    if figure.target is None:
        usual = figure.kpi.benchmark if figure.rate is not None else None
        return f"no target agreed; in the trade: {usual}" if usual else "no target agreed"
    aim = f"target {kpi_words.target(figure.kpi, figure.target)}"
    if figure.standing is Standing.TOO_FEW:
        return f"{aim}, too few to judge: the contract asks for {figure.minimum_sample}"
    return aim


def _weight(figure: Figure, card: Scorecard) -> list[str]:
    """What a reader needs to know before relying on it."""
    weight = []
    if figure.spread is not None:
        median = kpi_words.amount(figure.kpi, figure.spread.median)
        ninetieth = kpi_words.amount(figure.kpi, figure.spread.ninetieth)
        weight.append(f"median {median}, 9 of 10 within {ninetieth}")
    if figure.interval is not None:
        weight.append(kpi_words.interval(figure.interval))
    if figure.pending:
        weight.append(f"{text.number(figure.pending)} not due yet")
    if figure.left_out:
        weight.append(f"{text.number(figure.left_out)} left out, with a time missing")
    return weight


def _cases(open_cases: Sequence[CaseCard], not_read: int) -> list[Block]:
    total = len(open_cases) + not_read
    if not total:
        return [section("No open cases.")]
    shown = [case_line(card) for card in worst_first(open_cases)[:CASES_SHOWN]]
    title = f"*{text.plural(total, 'open case')}*"
    if total > len(shown):
        title += f", the worst {len(shown)} here and all with `/exceptions`"
    return [section("\n".join([title, *shown]))]


def _footer(card: Scorecard) -> str:
    return "\n".join([_formulas(card), _ages(card), as_of(card.now, card.zone)])


def _formulas(card: Scorecard) -> str:
    """Of what we count ourselves: an unclear denominator is what partners dispute."""
    return "\n".join(
        f"{figure.kpi.title}: {figure.kpi.formula}."
        for figure in card.figures
        if figure.kpi.origin is Origin.COMPUTED
    )


def _ages(card: Scorecard) -> str:
    """The age of the data, figure by figure where they differ."""
    ages: dict[str, list[str]] = {}
    for figure in card.figures:
        if figure.rate is None:
            continue
        as_of_then = figure.rate.as_of
        age = "of unknown age" if as_of_then is None else text.ago(as_of_then, card.now)
        ages.setdefault(age, []).append(text.safe(figure.kpi.title, 80))
    if not ages:
        return "Data: none yet."
    if len(ages) == 1:
        return f"Data last heard: {next(iter(ages))}."
    told = "; ".join(f"{', '.join(titles)} {age}" for age, titles in ages.items())
    return f"Data last heard: {told}."
