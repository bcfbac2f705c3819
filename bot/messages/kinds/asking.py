"""Who acts next, by whose side the reason is on: what most kinds ask alike. Whoever acts first is
in bold."""

from collections.abc import Callable

from bot.messages import facts, text
from bot.messages.cards import CaseCard
from storage.vocabulary import PartnerKind, Reason, Side

NAME = 80  # characters shown of a partner
OPS = "ops"  # whoever runs Tallyman, where the book does not say how partners call them

_SENDS_ITSELF = {PartnerKind.SUPPLIER, PartnerKind.THIRD_PARTY_LOGISTICS}


def partner(card: CaseCard) -> str:
    return text.safe(card.partner_name or "the partner", NAME)


def ours(card: CaseCard) -> str:
    """Whoever runs Tallyman, by a name that a partner in the same channel understands."""
    return text.safe(card.company or OPS, NAME)


def sends_itself(card: CaseCard) -> bool:
    """The partner is the sender: what the shipper owes, the partner owes."""
    return card.partner_kind in _SENDS_ITSELF


def always(words: str) -> Callable[[CaseCard], str]:
    """The same, whose side it is on; `{partner}` and `{ours}` are put in."""
    return lambda card: words.format(partner=partner(card), ours=ours(card))


def when_partners_turn(words: str) -> Callable[[CaseCard], str]:
    """Of the partner these words, `{partner}` put in; of anybody else what that side owes."""

    def ask(card: CaseCard) -> str:
        if card.side in (Side.CARRIER, Side.UNKNOWN):
            return words.format(partner=partner(card))
        return by_side(card)

    return ask


def by_sender(partner_sends: str, other_sends: str) -> Callable[[CaseCard], str]:
    """Where the partner is the sender the first words, else the second."""
    return lambda card: (partner_sends if sends_itself(card) else other_sends).format(
        partner=partner(card)
    )


def by_side(card: CaseCard) -> str:
    name = partner(card)
    match card.side:
        case Side.CONSIGNEE:
            return _consignee(card)
        case Side.SHIPPER:
            return _shipper(card)
        case Side.CUSTOMS:
            return customs(card)
        case Side.EXTERNAL:
            return f"*{name}* gives a new date as soon as it can move again"
        case Side.UNKNOWN:
            return f"*{name}* says what happened and when it arrives"
        case Side.CARRIER:
            return f"*{name}* says where it is and when it arrives"


def customs(card: CaseCard) -> str:
    """Documents are the sender's, duties the consignee's; an inspection nobody can hurry."""
    name = partner(card)
    match facts.reason(card):
        case Reason.DOCUMENTS if sends_itself(card):
            return f"*{name}* hands customs the missing documents"
        case Reason.DOCUMENTS:
            return f"*the sender* hands in the missing documents: {name} says which"
        case Reason.DUTIES:
            return f"*the consignee* pays the duties: {name} says how much, and to whom"
        case Reason.INSPECTION:
            return f"*{name}* asks the broker when customs will be done inspecting"
        case _:
            return f"*{name}* says what customs asks for, and who provides it"


def _shipper(card: CaseCard) -> str:
    if sends_itself(card):
        return f"*{partner(card)}* says when it moves"
    if facts.reason(card) is None:  # it was never seen on its way
        return f"*the sender* hands it over, or {partner(card)} says when it moves"
    return f"*the sender* puts right what is missing, and {partner(card)} says when it moves"


def _consignee(card: CaseCard) -> str:
    name = partner(card)
    match facts.reason(card):
        case Reason.BAD_ADDRESS | Reason.MOVED:
            return right_address(card)
        case Reason.REFUSED:
            return again_or_back(card)
        case Reason.FUTURE_DELIVERY:
            return f"*{name}* delivers on the day that the consignee asked for"
        case _:
            return f"*{ours(card)}* agrees a new date with the consignee, and tells {name}"


def right_address(card: CaseCard) -> str:
    return f"*{ours(card)}* asks the consignee for the right address, and tells {partner(card)}"


def again_or_back(card: CaseCard) -> str:
    return (
        f"*{ours(card)}* asks the consignee why, and tells {partner(card)}: deliver again, or "
        "send back"
    )
