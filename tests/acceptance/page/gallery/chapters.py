"""Every message that is said unasked, as it reads on that Monday morning, chapter by chapter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

from bot.messages import mutes
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard, HistoryEntry
from bot.messages.case_alert import case_alert
from bot.messages.digest_card import DigestCard, OnTimeLine, PartnerLine, Tally, Trouble
from bot.messages.digest_view import digest_view
from bot.messages.group_alert import group_alert
from bot.messages.group_deeds import deed_reply
from bot.messages.group_update import group_update
from bot.messages.history import history_reply
from bot.messages.mutes import HeldBack, MuteCard, MuteTally
from bot.messages.plainer import plainer
from bot.messages.redirected import redirected
from bot.messages.reminder import ReminderCard, reminder
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.figures import Figure, Rate
from storage.vocabulary import (
    AlertForm,
    CaseAction,
    CaseKind,
    CaseState,
    Reason,
    Severity,
)
from tests.acceptance.page.gallery.monday import DAY, HOUR, NOW, several, single
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

Chapter = Mapping[str, Message]
STORM = 180


def chapters() -> dict[str, Chapter]:
    """By name; the messages of each by theirs."""
    by_state = {
        f"{how}-{state.value}": {kind.value: say(kind, state) for kind in CaseKind}
        for state in STATES
        for how, say in (("single", one), ("group", many))
    }
    return {
        **by_state,
        "mixed": dict(_mixed()),
        "waiting": dict(_waiting()),
        "reminders": dict(_reminders()),
        "threads": dict(_threads()),
        "mutes": dict(_mutes()),
        "digests": dict(_digests()),
        "plainer": dict(_plainer()),
        "elsewhere": dict(_elsewhere()),
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


# -- mutes ----------------------------------------------------------------------------------------


def _mutes() -> Iterator[tuple[str, Message]]:
    mute = MuteCard(
        mute_id=3,
        reason="the depot in Lyon is on strike, the customers know",
        author="U0OLIVIA",
        created_at=NOW,
        ends_at=NOW + 3 * DAY,
        now=NOW,
        zone="Europe/Berlin",
        partner_name="Kestrel Parcel",
        kind=CaseKind.PROMISE_PASSED,
        lane="Hamburg, DE → Lyon, FR",
    )
    tally = MuteTally(
        [HeldBack(CaseKind.PROMISE_PASSED, 8, 2), HeldBack(CaseKind.NO_SCAN, 3, 1)], 0
    )
    yield "begins", mutes.mute_notice(mute)
    over = replace(
        mute, kind=None, created_at=NOW - 3 * DAY, ends_at=NOW, ended_at=NOW, ended_by="clock"
    )
    early = replace(over, mute_id=4, ended_by="U0MARCO")
    yield "ended", mutes.ended_notice(over, tally)
    yield "over", mutes.mute_over(over, tally)
    yield "over-early", mutes.mute_over(early, MuteTally())
    yield "listed", mutes.mutes_list([mute, early], NOW, "Europe/Berlin", may_end=True)


# -- digests --------------------------------------------------------------------------------------


def _digests() -> Iterator[tuple[str, Message]]:
    partner = DigestCard(
        every="day",
        now=NOW,
        since=NOW - 3 * DAY,
        zone="Europe/Berlin",
        of_whom="Kestrel Parcel",
        tally=Tally(open=14, critical=2, warning=9, untaken=5, came_up=6, resolved=4),
        worst=[
            replace(single(CaseKind.LOST), opened_at=NOW - 2 * DAY),
            replace(acknowledged(single(CaseKind.DAMAGED)), case_id=1051),
            *(_old(case, number) for number, case in enumerate(several(CaseKind.NO_SCAN)[:3])),
        ],
        held_back=3,
        promised_today=41,
        promised_in_trouble=2,
        at_risk=several(CaseKind.NO_SCAN)[:2],
    )
    on_time = kpi_named("on_time_delivery")
    week = replace(
        partner,
        every="week",
        since=NOW - 7 * DAY,
        on_time=[
            OnTimeLine(
                "Kestrel Parcel",
                Figure(on_time, Rate(48, 50), 0.95),
                Figure(on_time, Rate(181, 204), 0.95),
            )
        ],
    )
    yield "partner-day", digest_view(partner)
    yield "partner-week", digest_view(week)
    ops = replace(
        partner,
        of_whom=None,
        tally=Tally(open=22, critical=3, warning=15, untaken=8, came_up=11, resolved=7),
        partners=[
            PartnerLine("Kestrel Parcel", partner.tally),
            PartnerLine("Brightwater Freight", Tally(7, 1, 6, 3, 4, 3)),
            PartnerLine(None, Tally(1, 0, 0, 0, 1, 0)),
            PartnerLine("Corvid Supply", Tally()),
        ],
        trouble=Trouble(["corvid-orders"], dead_letters=1, mutes=2),
    )
    yield "ops-day", digest_view(ops)
    yield (
        "ops-week",
        digest_view(
            replace(
                ops,
                every="week",
                since=NOW - 7 * DAY,
                on_time=[
                    *week.on_time,
                    OnTimeLine(
                        "Brightwater Freight",
                        Figure(on_time, Rate(19, 20), 0.9),
                        Figure(on_time, Rate(88, 92), 0.9),
                    ),
                ],
            )
        ),
    )
    calm = replace(partner, tally=Tally(), worst=[], held_back=0, promised_in_trouble=0, at_risk=[])
    yield "calm", digest_view(calm)


def _old(case: CaseCard, number: int) -> CaseCard:
    return replace(case, case_id=1060 + number, opened_at=NOW - (number + 1) * DAY)


# -- what Slack would not take --------------------------------------------------------------------


def _plainer() -> Iterator[tuple[str, Message]]:
    late = many(CaseKind.PROMISE_PASSED, CaseState.OPEN)
    payload: dict[str, object] | None = {"text": late.text, "blocks": late.blocks}
    form = 0
    while payload is not None:
        yield f"form-{form}", _read(payload)
        payload = plainer(payload)
        form += 1
    alone = one(CaseKind.PROMISE_PASSED, CaseState.OPEN)
    alone_payload = plainer({"text": alone.text, "blocks": alone.blocks})
    assert alone_payload is not None
    yield "single-without-blocks", _read(alone_payload)


def _elsewhere() -> Iterator[tuple[str, Message]]:
    alone = one(CaseKind.PROMISE_PASSED, CaseState.OPEN)
    for error in ("not_in_channel", "is_archived", "restricted_action"):
        payload = {"text": alone.text, "blocks": alone.blocks}
        yield error, _read(redirected(payload, "C0KESTREL", error))


def _read(payload: Mapping[str, object]) -> Message:
    blocks = payload["blocks"]
    assert isinstance(blocks, list)
    return Message(str(payload["text"]), blocks)
