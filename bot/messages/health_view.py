"""The answer to /tallyman health: which source is stale, which word could not be said."""

from collections.abc import Sequence
from datetime import datetime

from bot.messages import marks, text
from bot.messages.blocks import Block, Message, context, section
from bot.messages.cards import HealthCard, OutboxCard, SourceCard
from bot.messages.lists import as_of, listing
from bot.messages.not_judging import not_judging
from storage.vocabulary import DueKind

ERROR = 200  # characters shown of what a source or Slack said
REASONS_SHOWN = 3
KEY = 60  # characters shown of a source's
_FAILING = {
    DueKind.JUDGE_SHIPMENT: ("shipment", "can't be judged"),
    DueKind.JUDGE_TERM: ("term", "can't be judged"),
    DueKind.JUDGE_MEASURED: ("KPI feed", "can't be judged"),
    DueKind.JUDGE_SOURCE: ("source", "can't be judged"),
    DueKind.JUDGE_RETURNS: ("count of returns", "can't be judged"),
    DueKind.WAKE_CASE: ("snoozed case", "can't be woken"),
    DueKind.SAY_ALERT: ("message", "can't be put into words"),
    DueKind.REMIND_ALERT: ("reminder", "can't be put into words"),
}
"""What is put off when it fails, and what fails."""
_PLURALS = {DueKind.JUDGE_RETURNS: "counts of returns"}


def health_view(card: HealthCard) -> Message:
    summary = _summary(card)
    lines = [source_line(source, card.now, card.zone) for source in _worst_first(card.sources)]
    muted = (
        f"{text.plural(card.mutes, 'mute')} in force: `/tallyman mutes`." if card.mutes else None
    )
    return listing(
        summary,
        [
            section(f"*{summary}*"),
            not_judging(card.unread_sources) if card.unread_sources else None,
            *_failing(card),
            section(_outbox(card.outbox, card.now)),
            context(muted),
        ],
        lines or ["No sources are in the book."],
        [context(as_of(card.now, card.zone))],
    )


def _failing(card: HealthCard) -> list[Block]:
    told = [
        f"{text.plural(count, noun, _PLURALS.get(kind))} {what_fails}"
        for kind, (noun, what_fails) in _FAILING.items()
        if (count := card.failing.get(kind))
    ]
    if not told:
        return []
    return [
        section(
            f"*{', '.join(told)}.* The log says why, under “set aside for now”; it is tried again "
            "every quarter of an hour, and all else goes on."
        )
    ]


def source_line(source: SourceCard, now: datetime, zone: str) -> str:
    name = f"{_mark(source)} *{text.safe(source.key, KEY)}* ({text.safe(source.kind, 30)})"
    heard = "has never answered yet"
    if source.last_success_at is not None:
        heard = f"answered {text.ago(source.last_success_at, now)}"
    parts = [heard]
    if source.last_news_at is not None:
        parts.append(f"last news {text.ago(source.last_news_at, now)}")
    if source.next_poll_at is not None:
        is_due = source.next_poll_at <= now
        parts.append(
            "next poll due now" if is_due else f"next poll {text.clock(source.next_poll_at, zone)}"
        )
    lines = [f"{name}: {', '.join(parts)}"]
    if source.failures_in_a_row:
        error = f": {text.safe(source.last_error, ERROR)}" if source.last_error else ""
        lines.append(f"      {text.plural(source.failures_in_a_row, 'failure')} in a row{error}")
    if source.set_aside:
        lines.append(f"      {text.plural(source.set_aside, 'bad entry', 'bad entries')} set aside")
        lines += [
            f"      – {text.safe(reason, ERROR)}"
            for reason in source.set_aside_reasons[:REASONS_SHOWN]
        ]
        more = source.set_aside - min(len(source.set_aside_reasons), REASONS_SHOWN)
        if more > 0:
            lines.append(f"      – … and {text.number(more)} more: `tallyman set-aside` lists them")
    return "\n".join(lines)


def _summary(card: HealthCard) -> str:
    failing = sum(_is_failing(source) for source in card.sources)
    sources = text.plural(len(card.sources), "source")
    said = f"{failing} of {sources} failing" if failing else f"{sources}, all well"
    if any(source.last_success_at is None for source in card.sources) and not failing:
        said = f"{sources}, some not heard yet"
    if _failing(card):
        said += "; some work fails"
    if card.outbox.dead:
        said += f", {text.plural(card.outbox.dead, 'message')} could not be posted"
    return said


def _worst_first(sources: Sequence[SourceCard]) -> list[SourceCard]:
    return sorted(sources, key=lambda source: (-source.failures_in_a_row, source.key))


def _is_failing(source: SourceCard) -> bool:
    return source.failures_in_a_row > 0


def _mark(source: SourceCard) -> str:
    if _is_failing(source):
        return marks.SOURCE_FAILING
    return marks.SOURCE_WELL if source.last_success_at else marks.SOURCE_UNHEARD


def _outbox(outbox: OutboxCard, now: datetime) -> str:
    waiting = "Nothing is waiting to be posted."
    if outbox.pending:
        waiting = f"{text.plural(outbox.pending, 'message')} waiting to be posted"
        if outbox.oldest_pending_at is not None:
            waiting += f", the oldest for {text.span(now - outbox.oldest_pending_at)}"
        waiting += "."
    if not outbox.dead:
        return waiting
    lost = (
        f"*{text.plural(outbox.dead, 'message')} could not be posted.* Invite Tallyman to the "
        "channel, or mend its id in the book; `tallyman check` names every fault. Then "
        "`tallyman outbox list` shows them, and `tallyman outbox retry ID` sends one again."
    )
    reasons = [f"– {text.safe(reason, ERROR)}" for reason in outbox.dead_reasons[:REASONS_SHOWN]]
    return "\n".join([waiting, lost, *reasons])
