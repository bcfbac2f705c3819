"""A message that Slack refuses as it is written, in the next plainer form."""

from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 4000  # what chat.update takes


def plainer(payload: Mapping[str, Any]) -> dict[str, Any] | None:
    """Without blocks; then its text cut short; None where it can't be said more plainly."""
    said = str(payload["text"])
    if payload.get("blocks"):
        return {**payload, "blocks": []}
    if len(said) > LONGEST_TEXT:
        return {**payload, "text": f"{said[: LONGEST_TEXT - 1]}…"}
    return None
