"""Every message that is said unasked, as it reads on that Monday morning, chapter by chapter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import case_alert
from bot.messages.group_alert import group_alert
from bot.messages.group_deeds import deed_reply
from bot.messages.group_update import group_update
from bot.messages.history import history_reply
from bot.messages.reminder import ReminderCard, reminder
from storage.vocabulary import (
    AlertForm,
    CaseAction,
    CaseKind,
    CaseState,
    Reason,
    Severity,
)
from tests.acceptance.page.gallery import notices
from tests.acceptance.page.gallery.cases import several, single
from tests.acceptance.page.gallery.states import (
    MINUTE,
    STATES,
    acknowledged,
    escalated,
    group,
    opened,
    resolved,
    snoozed,
)
from tests.acceptance.page.gallery.stories import DAY, HOUR, NOW

Chapter = Mapping[str, Message]
STORM = 180


def chapters() -> dict[str, Chapter]:
    """By name; the messages of each by theirs."""
    by_state = {
        f"{how}-{state.value}": {kind.value: say(kind, state) for kind in CaseKind}
        for state in STATES
        for how, say in (("single", one), ("group", many))
    }
    late = CaseKind.PROMISE_PASSED
    return {
        **by_state,
        "mixed": dict(_mixed()),
        "waiting": dict(_waiting()),
        "reminders": dict(_reminders()),
        "threads": dict(_threads()),
        "mutes": dict(notices.of_mutes()),
        "digests": dict(notices.digests()),
        "plainer": dict(notices.plainer_forms(many(late, CaseState.OPEN))),
        "plainer-alone": dict(notices.plainer_forms(one(late, CaseState.OPEN))),
        "elsewhere": dict(notices.redirected_ones(one(late, CaseState.OPEN))),
    }


def one(kind: CaseKind, state: CaseState) -> Message:
    return case_alert(STATES[state](single(kind)))


def many(kind: CaseKind, state: CaseState) -> Message:
    return group_alert(group([STATES[state](case) for case in several(kind)]))


# -- several kinds and states in one message ------------------------------------------------------


def _mixed() -> Iterator[tuple[str, Message]]:
    late = several(CaseKind.PROMISE_PASSED)
    states = (opened, acknowledged, snoozed, escalated, resolved, opened)
    yield (
        "some-taken",
        group_alert(group([do(case) for do, case in zip(states, late, strict=True)])),
    )
    yield "all-snoozed", group_alert(group([snoozed(case) for case in late]))
    yield "two", group_alert(group(late[:2]))
    yield "continues", group_alert(replace(group(late[:3]), continues=True))
    yield "held-back", group_alert(group(_night(), AlertForm.HELD_BACK, "quiet hours"))
    yield "unmuted", group_alert(group(_night()[:4], AlertForm.HELD_BACK, "a mute"))
    yield "storm", group_alert(group(storm(), AlertForm.STORM))
    over = [resolved(case) for case in storm()]
    yield "storm-half-over", group_alert(group([*over[:90], *storm()[90:]], AlertForm.STORM))
    yield "storm-over", group_alert(group(over, AlertForm.STORM))


def _night() -> list[CaseCard]:
    """What came up between Friday evening and Monday morning."""
    kinds = (
        *(CaseKind.PROMISE_PASSED,) * 3,
        *(CaseKind.DELIVERY_ATTEMPT_FAILED,) * 2,
        CaseKind.NO_SCAN,
        CaseKind.WRONG_WAY,
    )
    return _numbered(kinds)


def storm() -> list[CaseCard]:
    """A sorting centre is closed by weather; one shipment is lost, one damaged."""
    usual = (CaseKind.PROMISE_PASSED, CaseKind.NO_SCAN, CaseKind.PROMISE_PASSED, CaseKind.ON_HOLD)
    kinds = (CaseKind.LOST, CaseKind.DAMAGED, *islice(cycle(usual), STORM - 2))
    return [_on_a_lane(case, number) for number, case in enumerate(_numbered(kinds))]


def _numbered(kinds: Sequence[CaseKind]) -> list[CaseCard]:
    drawn = {kind: several(kind) for kind in set(kinds)}
    return [_renumbered(drawn[kind][number % 6], number) for number, kind in enumerate(kinds)]


def _renumbered(case: CaseCard, number: int) -> CaseCard:
    assert case.shipment is not None
    shipment = replace(case.shipment, tracking_number=f"KE-2026-{4411 + 3 * number}")
    return replace(case, case_id=1042 + number, shipment=shipment)


def _on_a_lane(case: CaseCard, number: int) -> CaseCard:
    assert case.shipment is not None
    to = ("Lyon, FR", "Lyon, FR", "Paris, FR", "Milan, IT", "Vienna, AT")[number % 5]
    reason = Reason.WEATHER if case.kind is not CaseKind.LOST else Reason.LOST
    shipment = replace(case.shipment, destination=to, reason=reason)
    facts = {**case.facts, "reason": reason.value}
    return replace(case, shipment=shipment, facts=facts)


# -- nobody acts, or nothing is to be done --------------------------------------------------------


def _waiting() -> Iterator[tuple[str, Message]]:
    late = single(CaseKind.PROMISE_PASSED)
    yield "snoozed", case_alert(snoozed(late))
    yield (
        "looks-over",
        case_alert(replace(late, clear_since=NOW - 25 * MINUTE, resolves_at=NOW + 95 * MINUTE)),
    )
    yield (
        "comes-and-goes",
        case_alert(replace(single(CaseKind.NO_SCAN), times_back=4, opened_at=NOW - 9 * DAY)),
    )
    yield "critical", case_alert(replace(late, severity=Severity.CRITICAL))
    by_hand = replace(
        late,
        state=CaseState.RESOLVED,
        handled_by="U0OLIVIA",
        note="delivered to the neighbour, the customer confirmed it by phone",
        resolved_at=NOW,
    )
    yield "resolved-by-hand", case_alert(by_hand)
    yield (
        "explained",
        case_alert(
            replace(
                by_hand,
                handled_by="rule",
                note=None,
                explained_by=CaseKind.LOST,
                explained_by_case=1077,
            )
        ),
    )


def _reminders() -> Iterator[tuple[str, Message]]:
    for kind in CaseKind:
        card = ReminderCard(single(kind), 1, 1, waited=9 * HOUR, rings=True)
        yield kind.value, reminder(card)
    late = single(CaseKind.PROMISE_PASSED)
    yield "first", reminder(ReminderCard(late, 1, 1, waited=4 * HOUR, rings=False))
    yield "group", reminder(ReminderCard(late, 5, 12, waited=4 * HOUR, rings=False))
    yield "morning", reminder(ReminderCard(late, 1, 1, waited=4 * HOUR, rings=True, beside=11))
    yield "group-again", reminder(ReminderCard(late, 12, 12, waited=12 * HOUR, rings=True))


def _threads() -> Iterator[tuple[str, Message]]:
    late = single(CaseKind.PROMISE_PASSED)
    cases = several(CaseKind.PROMISE_PASSED)

    def entry(action: CaseAction, actor: str = "rule", note: str | None = None) -> HistoryEntry:
        return HistoryEntry(NOW, actor, action, note, NOW + 4 * HOUR)

    why = "the customer is calling"
    yield (
        "acknowledged",
        history_reply(entry(CaseAction.ACKNOWLEDGED, "U0OLIVIA"), acknowledged(late)),
    )
    yield "snoozed", history_reply(entry(CaseAction.SNOOZED, "U0OLIVIA"), snoozed(late))
    yield "escalated", history_reply(entry(CaseAction.ESCALATED, "U0OLIVIA", why), escalated(late))
    yield (
        "worse",
        history_reply(
            entry(CaseAction.CHANGED, note="warning to critical"),
            replace(late, severity=Severity.CRITICAL),
        ),
    )
    yield "back", history_reply(entry(CaseAction.REOPENED), late)
    yield "resolved", history_reply(entry(CaseAction.RESOLVED), resolved(late))
    yield (
        "several-taken",
        deed_reply(
            entry(CaseAction.ACKNOWLEDGED, "U0OLIVIA"), [acknowledged(case) for case in cases]
        ),
    )
    yield (
        "several-resolved",
        deed_reply(
            entry(CaseAction.RESOLVED, "U0OLIVIA", "delivered, the hub had not scanned them"),
            [resolved(case) for case in cases[:2]],
        ),
    )
    yield (
        "update",
        group_update(
            group([*cases[:4], *(resolved(case) for case in cases[4:])]),
            joined=cases[2:3],
            resolved=[resolved(case) for case in cases[4:]],
            reopened=[],
            worse=[],
        ),
    )
    yield (
        "update-worse",
        group_update(
            group(cases),
            joined=[],
            resolved=[],
            reopened=[],
            worse=[replace(cases[0], severity=Severity.CRITICAL)],
        ),
    )
