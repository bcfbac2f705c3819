"""A digest: what is open, what came up and was resolved since the last one, what comes today."""

from collections.abc import Sequence

from bot.messages import case_words, group_words, kpi_words, marks, shipment_words, text
from bot.messages.blocks import (
    MESSAGE_CHARACTERS,
    Block,
    Message,
    context,
    fitting,
    message,
    section,
)
from bot.messages.cards import CaseCard
from bot.messages.digest_card import DigestCard, OnTimeLine, PartnerLine, Tally
from bot.messages.lists import as_of, linked_reference, worst_first
from bot.scorecards.figures import Standing
from storage.vocabulary import CaseState, Severity

NAME = 160  # of a few partners together
WORST_LINES = 4_500  # characters of the worst cases, so that the rest has room
SOURCES_NAMED = 5
ROOM_FOR_PARTNERS = 3_000  # characters that the figures leave them
ROOM_FOR_TITLES = 200


def digest_view(card: DigestCard) -> Message:
    if card.is_calm:
        return _calm(card)
    head = [
        section(f"*{_title(card)}*\n{_open(card)}\n{text.capital(_lately(card))}."),
        *_worst(card),
        _today(card),
        _trouble(card),
    ]
    return _with_lines(f"{_title(card)}: {_spoken(card)}.", head, card)


def _calm(card: DigestCard) -> Message:
    """So that silence is no doubt."""
    said = (
        f"All is well{_of_whom(card)}: nothing is open, and nothing came up since "
        f"{text.moment(card.since, card.zone, card.now)}."
    )
    if not card.on_time:
        return message(said, [section(said)])
    return _with_lines(said, [section(said)], card)


def _with_lines(spoken: str, head: Sequence[Block | None], card: DigestCard) -> Message:
    """Partners and figures share what room is left; what has none is counted."""
    foot = context(as_of(card.now, card.zone))
    partners = _partners(card)
    reserved = ROOM_FOR_PARTNERS if partners else ROOM_FOR_TITLES
    on_time = [_on_time(line) for line in sorted(card.on_time, key=_missed_first)]
    shown = [*head, *_titled("On-time delivery", on_time, [*head, foot], reserved)]
    shown += _titled("Partners", partners, [*shown, foot], ROOM_FOR_TITLES)
    return message(spoken, [*shown, foot])


def _titled(
    title: str, lines: Sequence[str], used: Sequence[Block | None], reserved: int
) -> list[Block | None]:
    if not lines:
        return []
    packed, left_out = fitting([f"*{title}*", *lines], used, MESSAGE_CHARACTERS - reserved)
    more = context(f"… and {text.plural(left_out, 'partner')} more.") if left_out else None
    return [*packed, more]


def _title(card: DigestCard) -> str:
    name = text.safe(card.of_whom, NAME) if card.of_whom else "All partners"
    day = text.day(card.now, card.zone, card.now)
    if card.every == "day":
        return f"{name} · {day} · daily summary"
    return f"{name} · the week up to {day}"


def _of_whom(card: DigestCard) -> str:
    return f" with {text.safe(card.of_whom, NAME)}" if card.of_whom else ""


def _open(card: DigestCard) -> str:
    """`14 open: 🔴 2 critical · 🟠 9 warning · 🔕 3 more muted`, and how many nobody has."""
    tally = card.tally
    information = tally.open - tally.critical - tally.warning
    counts = [
        f"{marks.SEVERITY[severity]} {text.number(number)} {word}"
        for severity, number, word in (
            (Severity.CRITICAL, tally.critical, "critical"),
            (Severity.WARNING, tally.warning, "warning"),
            (Severity.INFO, information, "for information"),
        )
        if number
    ]
    if card.held_back:
        more = " more" if tally.open else ""
        counts.append(f"{marks.MUTED} {text.number(card.held_back)}{more} muted")
    if not tally.open:
        return " · ".join(["Nothing is open", *counts])
    counted = f"*{text.number(tally.open)} open:* {' · '.join(counts)}"
    untaken = text.sentence(_untaken(tally))
    return f"{counted}\n{f'*{untaken}*' if tally.untaken else untaken}"


def _untaken(tally: Tally) -> str:
    if not tally.untaken:
        return "somebody has it" if tally.open == 1 else "somebody has each of them"
    if tally.untaken == tally.open:
        return "nobody has it" if tally.open == 1 else "nobody has any of them"
    return f"nobody has {text.number(tally.untaken)} of them"


def _lately(card: DigestCard) -> str:
    since = text.moment(card.since, card.zone, card.now)
    return f"since {since}: {_came_and_went(card.tally)}"


def _came_and_went(tally: Tally) -> str:
    return f"{text.number(tally.came_up)} came up, {text.number(tally.resolved)} resolved"


def _spoken(card: DigestCard) -> str:
    """Without marks: a screen reader would read them out."""
    tally = card.tally
    if not tally.open:
        return f"nothing is open; {_lately(card)}"
    critical = f", {text.number(tally.critical)} critical" if tally.critical else ""
    return f"{text.number(tally.open)} open{critical}, {_untaken(tally)}; {_lately(card)}"


def _worst(card: DigestCard) -> list[Block]:
    """With the day on which each was opened."""
    if not card.worst:
        return []
    lines = [_case(case, card) for case in worst_first(card.worst)]
    packed, left_out = fitting(lines, [], WORST_LINES)
    others = card.tally.open - len(lines) + left_out
    all_of_them = context(f"… and {text.number(others)} more: `@Tallyman exceptions` lists them.")
    return [*packed, *([all_of_them] if others > 0 and all_of_them else [])]


def _case(case: CaseCard, card: DigestCard) -> str:
    """`🔴 T-12 · *2 days past its promise* · 1Z99 · 👀 somebody has it · since Fri 14 Mar`. Who has
    it is not named: a mention would ring every morning."""
    parts = [
        f"{marks.SEVERITY[case.severity]} {linked_reference(case)}",
        case_words.partner(case) if card.partners and case.partner_name else "",
        f"*{case_words.headline(case)}*",
        "" if card.partners else _number(case),
        f"{marks.STATE[case.state]} {_STATE[case.state]}".strip(),
        f"since {text.day(case.opened_at, case.zone, card.now)}",
    ]
    return " · ".join(part for part in parts if part)


_STATE = {
    CaseState.OPEN: "nobody has it",
    CaseState.ACKNOWLEDGED: "somebody has it",
    CaseState.SNOOZED: "snoozed",
    CaseState.ESCALATED: "escalated",
    CaseState.RESOLVED: "resolved",
}


def _number(case: CaseCard) -> str:
    return text.safe(case.shipment.tracking_number, shipment_words.NUMBER) if case.shipment else ""


def _today(card: DigestCard) -> Block | None:
    """What should arrive and may not; nothing where all seems well."""
    if not card.promised_in_trouble:
        return None
    named = [group_words.name_with_number(case) for case in worst_first(card.at_risk)]
    others = card.promised_in_trouble - len(named)
    if others > 0:
        named.append(f"{text.number(others)} more")
    return section(
        f"*Promised for today* {text.number(card.promised_today)} still under way, "
        f"{text.number(card.promised_in_trouble)} of them with an open case: {', '.join(named)}"
    )


def _trouble(card: DigestCard) -> Block | None:
    if card.trouble is None:
        return None
    lines = []
    if card.trouble.sources:
        named = [text.safe(key, 60) for key in card.trouble.sources[:SOURCES_NAMED]]
        more = len(card.trouble.sources) - len(named)
        and_more = f" and {text.number(more)} more" if more else ""
        lines.append(f"*Sources* {marks.SOURCE_FAILING} silent: {', '.join(named)}{and_more}")
    if card.trouble.dead_letters:
        count = text.plural(card.trouble.dead_letters, "message")
        lines.append(f"*Slack* {count} could not be posted: `/tallyman health` tells why.")
    if card.trouble.mutes:
        lines.append(
            f"*Mutes* {text.number(card.trouble.mutes)} at present: `/tallyman mutes` lists them."
        )
    return section("\n".join(lines)) if lines else None


def _partners(card: DigestCard) -> list[str]:
    """The worst first; those of whom there is nothing to tell are counted."""
    busy = sorted(
        (line for line in card.partners if not line.tally.is_calm),
        key=lambda line: (-line.tally.critical, -line.tally.untaken, -line.tally.open),
    )
    lines = [_partner(line) for line in busy]
    calm = len(card.partners) - len(busy)
    if lines and calm:
        lines.append(f"{text.plural(calm, 'partner')} without anything to tell.")
    return lines


def _partner(line: PartnerLine) -> str:
    tally = line.tally
    name = text.safe(line.name, NAME) if line.name else "Tallyman itself"
    parts = [
        f"{text.number(tally.open)} open",
        f"{marks.SEVERITY[Severity.CRITICAL]} {text.number(tally.critical)} critical"
        if tally.critical
        else "",
        _untaken(tally) if tally.open else "",
        _came_and_went(tally),
    ]
    return f"*{name}*: {', '.join(part for part in parts if part)}"


def _missed_first(line: OnTimeLine) -> tuple[bool, bool]:
    missed = Standing.MISSED
    return line.month.standing is not missed, line.week.standing is not missed


def _on_time(line: OnTimeLine) -> str:
    """`*Kestrel Parcel* 🔻 82.4% (14 of 17) in the last 7 days · 🟢 96% (48 of 50) this month`,
    and the target."""
    figures = [
        f"{marks.STANDING[figure.standing]} "
        f"{kpi_words.figure(figure.kpi, figure.rate, figure.target)} {when}"
        for figure, when in ((line.week, "in the last 7 days"), (line.month, "this month"))
    ]
    target = line.month.target
    aim = f" · target {kpi_words.target(line.month.kpi, target)}" if target is not None else ""
    return f"*{text.safe(line.partner_name, NAME)}* {' · '.join(figures)}{aim}"
