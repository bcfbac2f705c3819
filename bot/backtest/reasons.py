"""What went wrong, where a history has it in a carrier's code or words and not in ours.

The code is read first: one of our own reasons (`missort`, `documents`, `not_home` ...) or a common
spelling of one. Else the description is searched for the phrases below. A checkpoint of the plain
way, such as a delivery, has no reason unless its code names one.
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
_BY_PHRASE = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\bmis-?(sort|rout|direct)", Reason.MISSORT),
        (r"\bdamage", Reason.DAMAGED),
        (r"\b(lost|cannot be (found|located))\b", Reason.LOST),
        (r"\brefus(ed|al)\b", Reason.REFUSED),
        (r"\b(wrong|incorrect|incomplete|insufficient|bad|invalid) address", Reason.BAD_ADDRESS),
        (r"\baddress (problem|issue|unknown|not found|incorrect|incomplete)", Reason.BAD_ADDRESS),
        (r"\b(has|have) moved\b", Reason.MOVED),
        (r"\b(no access|access denied|gate (code|locked))", Reason.NO_ACCESS),
        (r"\b(not (at )?home|nobody (at )?home|no ?one (at )?home|absent)", Reason.NOT_HOME),
        (r"\b(business|shop|office|premises) (was |is )?closed", Reason.CLOSED),
        (r"customs.*(document|paper|invoice)|(document|paper|invoice).*customs", Reason.DOCUMENTS),
        (r"\b(duties|duty|import tax)", Reason.DUTIES),
        (r"\bcustoms\b.*\b(inspect|held|hold|clearance delay|exam)", Reason.INSPECTION),
        (r"\b(held|hold|inspect\w*)\b.*\bcustoms\b", Reason.INSPECTION),
        (r"\b(weather|snow|storm|flood)", Reason.WEATHER),
        (r"\b(strike|unrest)\b", Reason.CIVIL),
        (r"\b(vehicle|truck|van) (broke|breakdown|failure)|\bbreakdown\b", Reason.VEHICLE),
        (r"\bdelay(ed)?\b", Reason.DELAY),
    )
)
_ABOUT_TROUBLE = frozenset(Status) - {Status.DELIVERED, Status.LABEL_CREATED, Status.NOT_FOUND}


@lru_cache(maxsize=16_384)
def reason_of(status: Status, code: str | None, description: str | None) -> Reason | None:
    """None where neither names one."""
    if code is not None:
        named = _BY_CODE.get("_".join(code.lower().replace("-", " ").replace("_", " ").split()))
        if named is not None:
            return named
    if description is None or status not in _ABOUT_TROUBLE:
        return None
    folded = " ".join(description.casefold().split())
    return next((reason for pattern, reason in _BY_PHRASE if pattern.search(folded)), None)
