"""All that is known of an alert at the moment when it is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlmodel import Session

from bot.alerts.card import cards_with
from bot.alerts.grouping import waited_for
from bot.alerts.quiet import quiet_until
from bot.book.models import Book, PartnerEntry
from bot.cases.changes import is_by_a_person, made_it_worse
from bot.cases.handing_over import seen_by_its_partner
from bot.messages.cards import CaseCard, GroupCard
from bot.messages.group_alert import shows_all
from storage import alert_cases
from storage import cases as stored_cases
from storage.alert_cases import Member
from storage.cases import PastEvent
from storage.tables import Alert
from storage.vocabulary import AlertForm, CaseAction, CaseState, Severity

_OPEN_AGAIN = {CaseAction.REOPENED, CaseAction.SNOOZE_ENDED}


@dataclass(frozen=True)
class Telling:
    alert: Alert
    cards: Sequence[CaseCard]
    """In the order in which the cases joined."""
    events: Sequence[PastEvent]
    """What its thread was not told yet, oldest first."""
    read_until: Mapping[int, int]
    """By case, the last entry of its history, where its thread was not told all of it."""
    partner: PartnerEntry | None
    zone: str
    quiet_until: datetime | None
    now: datetime

    @property
    def alert_id(self) -> int:
        if self.alert.id is None:
            raise ValueError("an alert is stored before it is said")
        return self.alert.id

    @property
    def is_group(self) -> bool:
        return len(self.cards) > 1

    @cached_property
    def by_case(self) -> Mapping[int, CaseCard]:
        return {card.case_id: card for card in self.cards}

    @cached_property
    def is_over(self) -> bool:
        return all(card.state is CaseState.RESOLVED for card in self.cards)

    @cached_property
    def severity(self) -> Severity:
        """Of the worst that is not resolved; the mildest where all are."""
        ongoing = [c.severity for c in self.cards if c.state is not CaseState.RESOLVED]
        return max(ongoing, key=lambda severity: severity.rank, default=Severity.INFO)

    @property
    def untaken_severity(self) -> Severity | None:
        """Of the worst that nobody has; None where all is taken or over."""
        untaken = [card.severity for card in self.cards if card.state is CaseState.OPEN]
        return max(untaken, key=lambda severity: severity.rank, default=None)

    @property
    def is_open_again(self) -> bool:
        """Something came back, grew worse, or is no longer snoozed."""
        return any(e.action in _OPEN_AGAIN or made_it_worse(e) for e in self.events)

    @property
    def is_only_later(self) -> bool:
        """It was said before, and nothing has come of it since but time."""
        return self.alert.said_at is not None and not any(
            e.action != CaseAction.CHANGED or made_it_worse(e) for e in self.events
        )

    @property
    def has_newcomers(self) -> bool:
        return any(event.action == CaseAction.OPENED for event in self.events)

    @property
    def is_partly_listed(self) -> bool:
        """Something open stands neither in its message nor, perhaps, in the list of its thread."""
        has_more = len(self.cards) > self.alert.listed_cases
        return self.is_group and not self.is_over and has_more and not self._is_shown_whole

    @property
    def must_be_listed(self) -> bool:
        """Again when twice as many belong to it as its thread lists, or when it no longer grows."""
        has_doubled = len(self.cards) >= 2 * self.alert.listed_cases
        return self.is_partly_listed and (has_doubled or not self.has_newcomers)

    @cached_property
    def deeds(self) -> Sequence[PastEvent]:
        """What people did, but for what opened a case."""
        return [e for e in self._to_be_told if is_by_a_person(e)]

    @cached_property
    def automatic(self) -> Sequence[PastEvent]:
        """What happened by itself. Nothing before it was first said: its message shows that."""
        if self.alert.said_at is None:
            return []
        return [e for e in self._to_be_told if not is_by_a_person(e)]

    @cached_property
    def held_back_until(self) -> datetime | None:
        """Until when its thread is not told what happened by itself; None where it is told now."""
        may_ring = self.severity is Severity.CRITICAL or not self.automatic
        return None if may_ring else self.quiet_until

    @property
    def _to_be_told(self) -> list[PastEvent]:
        if self.alert.said_at is not None:
            return list(self.events)
        opened = {event.case_id: event.id for event in reversed(self.events)}
        return [event for event in self.events if event.id != opened[event.case_id]]

    @cached_property
    def _is_shown_whole(self) -> bool:
        return shows_all(self.group_card)

    @cached_property
    def group_card(self) -> GroupCard:
        return GroupCard(
            alert_id=self.alert_id,
            form=AlertForm(self.alert.form),
            cases=self.cards,
            opened_at=min(card.opened_at for card in self.cards),
            now=self.now,
            zone=self.zone,
            partner_name=self.partner.name if self.partner else None,
            account_manager=self.partner.account_manager if self.partner else None,
            continues=self.alert.continues_id is not None,
            resolved_at=self.resolved_at,
            waited_for=waited_for(self.alert),
        )

    @cached_property
    def resolved_at(self) -> datetime | None:
        """When the last of its cases was resolved; None while one is not."""
        if not self.is_over:
            return None
        return max((c.resolved_at for c in self.cards if c.resolved_at), default=self.now)


def tellings(
    session: Session, to_be_said: Sequence[Alert], book: Book, now: datetime
) -> list[Telling]:
    """In a few statements for all of them."""
    ids = [alert.id for alert in to_be_said if alert.id is not None]
    members = alert_cases.members_of(session, ids)
    cases = [member.case for of_alert in members.values() for member in of_alert]
    shown = {case.id: case for case in cases if case.id is not None}
    histories = stored_cases.histories(session, shown)
    shown_cards = cards_with(session, list(shown.values()), histories, book, now)
    cards = {card.case_id: card for card in shown_cards}
    entries = {partner.key: partner for partner in book.partners}
    found = []
    for alert in to_be_said:
        partner = entries.get(alert.partner_key or "")
        told = [(each, histories[_case_id(each)]) for each in members.get(alert.id or 0, ())]
        found.append(
            Telling(
                alert=alert,
                cards=[cards[_case_id(member)] for member, _ in told],
                events=sorted(event for each in told for event in _untold(*each)),
                read_until={
                    _case_id(member): history[-1].id
                    for member, history in told
                    if history and history[-1].id > member.told_event_id
                },
                partner=partner,
                zone=partner.time_zone if partner else book.time_zone,
                quiet_until=quiet_until(book, alert.partner_key, now),
                now=now,
            )
        )
    return found


def _untold(member: Member, history: Sequence[PastEvent]) -> Iterator[PastEvent]:
    """By case, for entries of two cases may be committed in another order than they are numbered
    in. What was done to it before it came here, be it as another partner's, stays where it was."""
    for event in seen_by_its_partner(history):
        is_of_here = event.action == CaseAction.OPENED or event.at >= member.joined_at
        if event.id > member.told_event_id and is_of_here:
            yield event


def _case_id(member: Member) -> int:
    if member.case.id is None:
        raise ValueError("a case is stored before it is told")
    return member.case.id
