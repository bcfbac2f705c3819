"""What went wrong, where a history has it in a carrier's code or words and not in ours.

The code is read first: one of our own reasons (`missort`, `documents`, `not_home` ...) or a common
spelling of one. Else the code and the description are searched for the phrases below. A checkpoint
of the plain way, such as a delivery, has no reason unless its code names one; nor has one that says
on the way that the trouble is over, or that there was none.
"""

import re
from functools import lru_cache

from storage.vocabulary import Reason, Status

_BY_CODE = {
    **{reason.value: reason for reason in Reason},
    "missorted": Reason.MISSORT,
    "mis_sort": Reason.MISSORT,
    "misrouted": Reason.MISSORT,
    "delayed": Reason.DELAY,
    "weather_delay": Reason.WEATHER,
    "damage": Reason.DAMAGED,
    "customs": Reason.INSPECTION,
    "customs_hold": Reason.INSPECTION,
    "customs_inspection": Reason.INSPECTION,
    "customs_documents": Reason.DOCUMENTS,
    "customs_duties": Reason.DUTIES,
    "address_correction": Reason.BAD_ADDRESS,
    "address_problem": Reason.BAD_ADDRESS,
    "bad_address": Reason.BAD_ADDRESS,
    "awaiting_information": Reason.BAD_DATA,
    "recipient_not_home": Reason.NOT_HOME,
    "business_closed": Reason.CLOSED,
}
_CONSIGNEE = r"(recipient|consignee|customer|addressee|receiver)"
_BY_PHRASE = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\bmis-?(sort|rout|direct|sent)", Reason.MISSORT),
        (r"\bwrong (depot|hub|facility|terminal|station|route|way|direction)", Reason.MISSORT),
        (r"\bdamage", Reason.DAMAGED),
        (r"\b(lost|cannot be (found|located))\b", Reason.LOST),
        (r"\b(parcel|package|shipment|item|freight) (is |was |reported )?missing\b", Reason.LOST),
        (r"\brefus(ed|al|es)\b", Reason.REFUSED),
        (rf"\b(rejected|declined) by (the )?{_CONSIGNEE}", Reason.REFUSED),
        (r"\b(wrong|incorrect|incomplete|insufficient|bad|invalid) address", Reason.BAD_ADDRESS),
        (
            r"\baddress (is |was )?(problem|issue|error|wrong|unknown|not found|incorrect|"
            r"incomplete|insufficient|invalid)",
            Reason.BAD_ADDRESS,
        ),
        (rf"\b{_CONSIGNEE} unknown|\bunknown {_CONSIGNEE}", Reason.BAD_ADDRESS),
        (rf"\b{_CONSIGNEE} (has )?moved\b|\bmoved (away|house)\b", Reason.MOVED),
        (r"\b(no access|access denied|gate (code|locked))", Reason.NO_ACCESS),
        (r"\b(not (at )?home|nobody (at )?home|no ?one (at )?home|absent)", Reason.NOT_HOME),
        (rf"\b{_CONSIGNEE} (is |was )?(not available|unavailable)\b", Reason.NOT_HOME),
        (r"\b(business|shop|store|office|premises) (was |is )?closed", Reason.CLOSED),
        (r"customs.*(document|paper|invoice|docs)", Reason.DOCUMENTS),
        (r"(document|paper|invoice|docs).*(customs|missing|required)", Reason.DOCUMENTS),
        (r"\bmissing (\w+ )?(document|paper|invoice)", Reason.DOCUMENTS),
        (r"\b(duties|duty|import tax)", Reason.DUTIES),
        (r"\bcustoms\b.*\b(inspect|held|hold|clearance delay|exam)", Reason.INSPECTION),
        (r"\b(held|hold|inspect\w*|not yet released)\b.*\bcustoms\b", Reason.INSPECTION),
        (r"\b(weather|snow(storm|fall)?\b|storms?\b|flood(s|ed|ing)?\b)", Reason.WEATHER),
        (r"\b(strikes?|unrest)\b", Reason.CIVIL),
        (r"\b(vehicle|truck|van) (broke|breakdown|failure)|\bbreakdown\b", Reason.VEHICLE),
        (r"\bmechanical\b", Reason.VEHICLE),
        (r"\b(backlog|(lack of|no) capacity)\b", Reason.CAPACITY),
        (r"\b(delay(s|ed)?|running late|behind schedule)\b", Reason.DELAY),
    )
)
_NO_LONGER = re.compile(
    r"(?<!not )(?<!not yet )(?<!not been )(?<!be )"
    r"\b(released|cleared|completed?|passed|received|paid|found|recovered|resolved)\b"
)
_NEVER_WAS = re.compile(r"\b(no|not|without) (damaged?|delays?|delayed)\b")
_MAY_BE_OVER = frozenset(
    {Reason.LOST, Reason.DOCUMENTS, Reason.DUTIES, Reason.INSPECTION, Reason.DELAY}
)
_ON_THE_WAY = frozenset({Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY})
_ABOUT_TROUBLE = frozenset(Status) - {Status.DELIVERED, Status.LABEL_CREATED, Status.NOT_FOUND}


@lru_cache(maxsize=16_384)
def reason_of(status: Status, code: str | None, description: str | None) -> Reason | None:
    """None where neither names one."""
    code_words = " ".join((code or "").casefold().replace("-", " ").replace("_", " ").split())
    named = _BY_CODE.get(code_words.replace(" ", "_"))
    if named is not None or status not in _ABOUT_TROUBLE:
        return named
    said = code_words, " ".join((description or "").casefold().split())
    reason = next(filter(None, (_named_in(words, status) for words in said)), None)
    if reason is None and status is Status.ON_HOLD and any("customs" in words for words in said):
        return Reason.INSPECTION
    return reason


def _named_in(words: str, status: Status) -> Reason | None:
    named = (reason for pattern, reason in _BY_PHRASE if pattern.search(words))
    if status not in _ON_THE_WAY:
        return next(named, None)
    if _NEVER_WAS.search(words):
        return None
    is_over = _NO_LONGER.search(words) is not None
    return next((one for one in named if not (is_over and one in _MAY_BE_OVER)), None)
