"""Cases as people name them: `T-1042`, `#t-1042`, `case 1042`. Pure."""

import re
from dataclasses import dataclass

_CASE = re.compile(
    r"(?:case\s+#?(?:T-)?|#?T-)(?P<id>[1-9][0-9]{0,17})(?:[\s:,]+(?P<rest>.*))?",
    re.IGNORECASE | re.DOTALL,
)
_PUNCTUATION = " \t\n?!.,;:"


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case at the beginning of what was typed, and the words after it."""

    case_id: int
    rest: str


def case_at_start(text: str) -> NamedCase | None:
    found = _CASE.fullmatch(text.strip())
    return NamedCase(int(found["id"]), found["rest"] or "") if found else None


def case_named(text: str) -> int | None:
    """Which case it is that the whole of the text names."""
    named = case_at_start(text.rstrip(_PUNCTUATION))
    return named.case_id if named is not None and not named.rest else None
