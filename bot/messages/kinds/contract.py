"""The contract: a target missed; and an answer that somebody asks for."""

from datetime import date

from bot.messages import facts, kpi_words, shipment_words, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import NAME, always
from bot.messages.kinds.kind_words import KindWords
from bot.scorecards.catalogue import ON_TIME_DELIVERY, Kpi, kpi_named
from bot.scorecards.figures import Rate, interval_of
from bot.scorecards.periods import UnknownPeriod, parse_period
from storage.vocabulary import CaseKind

ASKED = 600  # characters shown of a person's reason
MISSES_SHOWN = 3


def misses_count(card: CaseCard) -> int:
    """Behind a breached term; 0 where we can't name them, or it is another kind."""
    if card.kind is not CaseKind.TERM_BREACHED:
        return 0
    said = facts.figure(card, "misses")
    if said is not None:
        return int(said)
    rate = rate_of(card)
    if card.facts.get("metric") == ON_TIME_DELIVERY and rate is not None:
        return int(rate.denominator - rate.numerator)
    return len(card.misses)


def rate_of(card: CaseCard) -> Rate | None:
    numerator, denominator = facts.figure(card, "numerator"), facts.figure(card, "denominator")
    if numerator is None or not denominator:
        return None
    return Rate(numerator, denominator)


def kpi_of(card: CaseCard) -> Kpi:
    return kpi_named(str(card.facts.get("metric", "")))


def period(card: CaseCard) -> str:
    """`in February 2014`, `from 10 to 16 March 2014`."""
    said = str(card.facts.get("period", ""))
    try:
        return f"in {parse_period(said, card.now.date()).label}"
    except UnknownPeriod:
        return _days(said) or text.safe(said.replace("..", " to "), shipment_words.NUMBER)


def _days(said: str) -> str | None:
    """Of `2014-03-10..2014-03-16`."""
    first, _, last = said.partition("..")
    try:
        begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    start = f"{begun.day}" if (begun.year, begun.month) == (ended.year, ended.month) else None
    return f"from {start or f'{begun.day} {begun:%B %Y}'} to {ended.day} {ended:%B %Y}"


def figure_name(card: CaseCard) -> str:
    """`On-time delivery in February 2014`."""
    title, when = text.safe(kpi_of(card).title, NAME) or "A figure", period(card)
    return f"{title} {when}" if when else title


def _term_breached(card: CaseCard) -> str:
    kpi, aim = kpi_of(card), facts.figure(card, "target")
    shown = kpi_words.figure(kpi, rate_of(card), aim)
    short_of = f", promised {kpi_words.target(kpi, aim)}" if aim is not None else ""
    return f"{figure_name(card)}: {shown}{short_of}"


def _behind_it(card: CaseCard) -> str | None:
    number = misses_count(card)
    if not number:
        return None
    shown = [shipment_words.miss_shortly(line, card.now) for line in card.misses[:MISSES_SHOWN]]
    behind = text.plural(number, "shipment")
    if not shown:
        return f"*{behind} behind it*"
    of_all = "" if number <= len(shown) else f", the first {len(shown)}"
    return "\n".join([f"*{behind} behind it*{of_all}:", *shown])


def _counted(card: CaseCard) -> str:
    """How the figure was counted, and how far chance may have moved it."""
    kpi = kpi_of(card)
    chance = interval_of(kpi, rate_of(card))
    counted = f"Counted: {text.safe(kpi.formula)}."
    return f"{counted} {text.capital(kpi_words.interval(chance))}." if chance else counted


def _answer(_card: CaseCard) -> str:
    return "Escalated: an answer is needed"


def _question(card: CaseCard) -> str | None:
    asked = facts.words(card, "reason", ASKED)
    return f"“{asked}”" if asked else None


WORDS = {
    CaseKind.TERM_BREACHED: KindWords(
        name="Contract target missed",
        one="contract target missed",
        many="contract targets missed",
        headline=_term_breached,
        ask=always("*{partner}* explains the misses, and says what changes"),
        over="late news put the figure on its target",
        story=_behind_it,
        footnote=_counted,
        subject=figure_name,
    ),
    CaseKind.ESCALATION: KindWords(
        name="Escalation",
        one="escalation",
        many="escalations",
        status_matters=True,
        headline=_answer,
        ask=always("*{partner}* answers"),
        over="answered",
        quote=_question,
    ),
}
