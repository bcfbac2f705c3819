"""The legend: one mark means one thing, in every message, and nothing else is a mark."""

from bot.scorecards.figures import Standing
from storage.vocabulary import CaseState, Severity

SEVERITY = {
    Severity.CRITICAL: "🔴",
    Severity.WARNING: "🟠",
    Severity.INFO: "🔵",
}

STATE = {
    CaseState.OPEN: "",
    CaseState.ACKNOWLEDGED: "👀",
    CaseState.SNOOZED: "💤",
    CaseState.ESCALATED: "📣",
    CaseState.RESOLVED: "✅",
}

STANDING = {
    Standing.MET: "🟢",
    Standing.MISSED: "🔻",
    Standing.TOO_FEW: "⚪",
    Standing.NO_TARGET: "▫️",
    Standing.UNKNOWN: "❔",
}

SOURCE_WELL = "🟢"
"""As of a target: what was expected came."""
SOURCE_FAILING = "🔻"
SOURCE_UNHEARD = "❔"

MUTED = "🔕"

LEGEND = (
    "🔴 critical   🟠 warning   🔵 for information\n"
    "👀 acknowledged   💤 snoozed   📣 escalated   ✅ resolved   🔕 muted\n"
    "🟢 as promised   🔻 short of it   ⚪ too few to judge   ▫️ no target   ❔ unknown"
)


def of_case(severity: Severity, state: CaseState) -> str:
    """A resolved case is no longer severe."""
    return STATE[state] if state is CaseState.RESOLVED else SEVERITY[severity]
