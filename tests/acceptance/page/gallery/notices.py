"""What is said of no case in particular, and what becomes of a message that Slack refuses."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.messages import mutes
from bot.messages.blocks import Message
from bot.messages.cards import CaseCard
from bot.messages.digest_card import DigestCard, OnTimeLine, PartnerLine, Tally, Trouble
from bot.messages.digest_view import digest_view
from bot.messages.mutes import HeldBack, MuteCard, MuteTally
from bot.messages.plainer import plainer
from bot.messages.redirected import redirected
from bot.scorecards.catalogue import kpi_named
from bot.scorecards.figures import Figure, Rate
from storage.vocabulary import CaseKind
from tests.acceptance.page.gallery.cases import several, single
from tests.acceptance.page.gallery.states import acknowledged
from tests.acceptance.page.gallery.stories import DAY, NOW

# -- mutes ----------------------------------------------------------------------------------------


def of_mutes() -> Iterator[tuple[str, Message]]:
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


def digests() -> Iterator[tuple[str, Message]]:
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


def plainer_forms(message: Message) -> Iterator[tuple[str, Message]]:
    """As it is written, and in each plainer form down to the plainest."""
    payload: dict[str, Any] | None = {"text": message.text, "blocks": message.blocks}
    form = 0
    while payload is not None:
        yield f"form-{form}", Message(payload["text"], payload["blocks"])
        payload = plainer(payload)
        form += 1


def redirected_ones(message: Message) -> Iterator[tuple[str, Message]]:
    """As the fallback channel gets it."""
    for error in ("not_in_channel", "is_archived", "restricted_action"):
        said = {"text": message.text, "blocks": message.blocks}
        payload = redirected(said, "C0KESTREL", error)
        yield error, Message(payload["text"], payload["blocks"])
