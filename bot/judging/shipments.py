"""Judges the shipments that changed or came due: claim, findings, cases and the words they owe."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.alerts.planning import plan
from bot.apart import TRIED_AGAIN_AFTER, do_apart
from bot.book.models import Book
from bot.cases.remembering import Subject, remember
from bot.journeys import load_journeys
from bot.judging.policies import Policies
from bot.rules.catalogue import Judgement, judge
from bot.rules.finding import Finding
from bot.rules.journey import Journey
from storage import due
from storage.vocabulary import DueKind

SHIPMENT = "shipment:"
JUDGED_AT_ONCE = 500  # shipments of one transaction: it takes 0.05 s, 0.2 s if all are late


def judge_shipments(
    session: Session, book: Book, policies: Policies, now: datetime, _owner: str
) -> int:
    """Judges one batch of those that are due; returns how many there were. Raises what a rule
    raises: then nothing of the batch is stored, and `judge_shipments_apart` is to judge it."""
    taken = due.take(session, DueKind.JUDGE_SHIPMENT, now, JUDGED_AT_ONCE)
    if taken:
        _judge(session, taken, book, policies, now)
    return len(taken)


def judge_shipments_apart(
    session: Session, book: Book, policies: Policies, now: datetime, _owner: str
) -> int:
    """The same, however one of them fails: it is tried again later. Takes longer: what may be
    undone by itself is written twice."""
    taken = due.take(session, DueKind.JUDGE_SHIPMENT, now, JUDGED_AT_ONCE)

    def judge_some(some: Sequence[str]) -> None:
        _judge(session, some, book, policies, now)

    failed = do_apart(session, taken, judge_some, lambda one: f"{SHIPMENT}{one}")
    due.put_off(session, DueKind.JUDGE_SHIPMENT, failed, now + TRIED_AGAIN_AFTER)
    return len(taken)


def _judge(
    session: Session, taken: Sequence[str], book: Book, policies: Policies, now: datetime
) -> None:
    loaded = load_journeys(session, [int(one) for one in taken])
    journeys = {journey.shipment_id: journey for journey in loaded}
    subjects: list[Subject] = []
    findings: list[Finding] = []
    next_at: dict[str, datetime | None] = {}
    for one in taken:
        journey = journeys.get(int(one))
        policy = policies.of(journey.partner_key, journey.service) if journey else None
        if journey is None or policy is None:
            next_at[one] = None
            continue
        judgement = judge(journey, policy, now)
        subjects.append(_subject_of(journey, judgement))
        findings.extend(judgement.findings)
        next_at[one] = judgement.look_again_at
    remembered = remember(session, subjects, findings, now)
    plan(session, remembered.changes, book, now)
    for name, at in remembered.look_again_at.items():
        shipment_id = name.removeprefix(SHIPMENT)
        next_at[shipment_id] = min(next_at[shipment_id] or at, at)
    due.settle(session, DueKind.JUDGE_SHIPMENT, next_at)


def _subject_of(journey: Journey, judgement: Judgement) -> Subject:
    return Subject(
        name=f"{SHIPMENT}{journey.shipment_id}",
        partner_key=journey.partner_key,
        shipment_id=journey.shipment_id,
        is_over=journey.is_over,
        explained=judgement.held_back,
        last_checkpoint_at=journey.checkpoints[-1].occurred_at if journey.checkpoints else None,
    )
