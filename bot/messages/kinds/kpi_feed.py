"""KPI feeds: a measurement that is missing, or cannot be."""

from bot.messages import facts, kpi_words, text
from bot.messages.cards import CaseCard
from bot.messages.kinds.asking import NAME, always
from bot.messages.kinds.contract import figure_name, kpi_of, rate_of
from bot.messages.kinds.kind_words import Detail, KindWords
from bot.scorecards.figures import Rate
from storage.vocabulary import CaseKind


def _missing(card: CaseCard) -> str:
    days, missing = facts.count(card, "days"), facts.count(card, "days_missing")
    if days and missing and missing < days:
        return f"{figure_name(card)}: {missing} of {text.plural(days, 'day')} not reported"
    due_at = facts.instant(card, "due_at")
    if due_at is None or due_at >= card.now:
        return f"{figure_name(card)} was not reported"
    return f"{figure_name(card)}: report {text.about(card.now - due_at)} late"


def _due(card: CaseCard) -> list[Detail]:
    due_at = facts.instant(card, "due_at")
    return [("Was due", text.moment(due_at, card.zone, card.now) if due_at else None)]


_WHY = {
    "no_number": "what was sent is no number",
    "denominator_negative": "counted from less than nothing",
    "denominator_zero": "counted from nothing",
    "numerator_negative": "less than nothing",
    "over_100_percent": "over 100%",
    "jump": "a jump that no volume explains",
}


def _impossible(card: CaseCard) -> str:
    why = _WHY.get(str(card.facts.get("why")), "it cannot be right")
    return f"{figure_name(card)}: {why}"


def _counted(card: CaseCard) -> str:
    numerator, denominator = facts.figure(card, "numerator"), facts.figure(card, "denominator")
    if numerator is None or denominator is None:
        return ""
    return f"{text.number(numerator)} of {text.number(denominator)}"


def _evidence(card: CaseCard) -> list[Detail]:
    before = facts.figure(card, "previous_numerator")
    of = facts.figure(card, "previous_denominator")
    was = kpi_words.figure(kpi_of(card), Rate(before, of)) if before is not None and of else None
    rate = rate_of(card)
    reported = kpi_words.figure(kpi_of(card), rate) if rate else _counted(card)
    return [
        ("Reported", reported or None),
        ("Before", was),
        ("Sent by", facts.words(card, "source", NAME) or None),
    ]


WORDS = {
    CaseKind.MEASUREMENT_MISSING: KindWords(
        name="Measurement missing",
        one="missing measurement",
        many="missing measurements",
        headline=_missing,
        ask=always("*{partner}* reports it"),
        over="it was reported",
        details=_due,
        subject=figure_name,
    ),
    CaseKind.MEASUREMENT_IMPOSSIBLE: KindWords(
        name="Measurement impossible",
        one="impossible measurement",
        many="impossible measurements",
        headline=_impossible,
        ask=always("*{partner}* corrects the figure, or explains it"),
        over="the figure was corrected",
        details=_evidence,
        subject=figure_name,
    ),
}
