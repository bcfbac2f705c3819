"""What most of several cases share, where that tells something: said with its share."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.messages import facts, shipment_words, text, words
from bot.messages.cards import CaseCard, ShipmentCard
from storage.vocabulary import Reason

MOST = 0.6  # of all of them must share it
FEWEST = 3  # that share it, to be more than chance
TOLD_APART_BY = 100  # characters, the first of a name: whatever is longer is no name

_TELLS_NOTHING = frozenset({Reason.UNKNOWN, Reason.DELAY, Reason.LOST, Reason.DAMAGED})
"""Reasons that say no more than the kind of the case does."""

_Trait = Callable[[ShipmentCard], str | None]


def in_common(cards: Sequence[CaseCard]) -> str | None:
    """`41 of 48 last heard of in Leipzig; 38 of 48 with the reason “weather”`. Where neither
    place, reason nor lane stands out: one end of the lane, the service or the carrier."""
    found = [each for each in (_place(cards), _reason(cards), common_lane(cards)) if each]
    return "; ".join(found) or _origin_or_service(cards)


def common_lane(cards: Sequence[CaseCard]) -> str | None:
    """`41 of 48 go Hamburg → Lagos`, where others go elsewhere."""
    return _standing_out([lane_of(card) for card in cards], cards, "go {}")


def shared_lane(cards: Sequence[CaseCard]) -> str | None:
    """`Hamburg → Lagos`, where all of them take it."""
    lanes = {_folded(lane_of(card)) for card in cards}
    shared = lane_of(cards[0]) if len(lanes) == 1 else None
    return text.safe(shared, shipment_words.PLACE) if shared else None


def shared_reason(cards: Sequence[CaseCard]) -> str | None:
    """`weather`, where all of them have it."""
    (first, *others) = {facts.reason(card) for card in cards}
    return None if others or first is None or first in _TELLS_NOTHING else words.REASON[first]


def lane_of(card: CaseCard) -> str | None:
    shipment = card.shipment
    if shipment is None or not shipment.origin or not shipment.destination:
        return None
    return f"{shipment.origin[:TOLD_APART_BY]} → {shipment.destination[:TOLD_APART_BY]}"


def _place(cards: Sequence[CaseCard]) -> str | None:
    said = _of_shipments(cards, _last_place)
    return _share(said, cards, "last heard of in {}")


def _last_place(shipment: ShipmentCard) -> str | None:
    return shipment.last_checkpoint.location if shipment.last_checkpoint else None


def _reason(cards: Sequence[CaseCard]) -> str | None:
    reasons = [facts.reason(card) for card in cards]
    if len(set(reasons)) == 1:
        return None  # the headline tells it
    told = [words.REASON[each] if each and each not in _TELLS_NOTHING else None for each in reasons]
    return _share(told, cards, "with the reason “{}”")


def _origin_or_service(cards: Sequence[CaseCard]) -> str | None:
    traits: Sequence[tuple[_Trait, str]] = (
        (lambda shipment: shipment.origin, "come from {}"),
        (lambda shipment: shipment.destination, "go to {}"),
        (lambda shipment: shipment.service, "travel by {}"),
        (lambda shipment: shipment.carrier, "are with {}"),
    )
    found = (_standing_out(_of_shipments(cards, trait), cards, said) for trait, said in traits)
    return next((said for said in found if said), None)


def _standing_out(said: Sequence[str | None], cards: Sequence[CaseCard], words: str) -> str | None:
    """What all of them share is how this partner always works: only a contrast tells."""
    return _share(said, cards, words) if len(_counted(said)) > 1 else None


def _of_shipments(cards: Sequence[CaseCard], trait: _Trait) -> list[str | None]:
    return [trait(card.shipment) if card.shipment else None for card in cards]


def _share(said: Sequence[str | None], cards: Sequence[CaseCard], words: str) -> str | None:
    most = _counted(said).most_common(1)
    if not most:
        return None
    ((value, count),) = most
    if count < FEWEST or count < MOST * len(cards):
        return None
    spelling = next(each for each in said if each and _folded(each) == value)
    shown = words.format(text.safe(spelling, shipment_words.PLACE))
    return f"{text.of_all(count, len(cards))} {shown}"


def _counted(said: Iterable[str | None]) -> Counter[str]:
    return Counter(_folded(each) for each in said if each)


def _folded(said: str | None) -> str:
    """However it is written."""
    return " ".join(said[: 2 * TOLD_APART_BY + 3].casefold().split()) if said else ""
