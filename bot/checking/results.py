"""What a check found out about one thing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.book.models import Book

HIDDEN = "[hidden]"
_SHORTEST_SECRET = 4  # characters: striking out less would garble words


class CheckState(StrEnum):
    OK = "ok"
    FAULT = "fault"
    SKIPPED = "not checked"


@dataclass(frozen=True, slots=True)
class CheckResult:
    name: str
    """What kind of thing was looked at: results of one name stand together."""
    place: str
    """Which one: a variable, a line of the book, a channel."""
    state: CheckState
    message: str
    how_to_mend: str = ""
    """What a person does next; empty where nothing is to be done, or the message says it."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything that was looked at, and the book if it could be read."""

    results: tuple[CheckResult, ...]
    book: Book | None = None

    @property
    def faults(self) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.results if result.state is CheckState.FAULT)

    @property
    def skipped(self) -> tuple[CheckResult, ...]:
        return tuple(result for result in self.results if result.state is CheckState.SKIPPED)


def ok(name: str, place: str, message: str) -> CheckResult:
    return CheckResult(name, place, CheckState.OK, message)


def fault(name: str, place: str, message: str, how_to_mend: str = "") -> CheckResult:
    return CheckResult(name, place, CheckState.FAULT, message, how_to_mend)


def skipped(name: str, place: str, needs: str) -> CheckResult:
    return CheckResult(name, place, CheckState.SKIPPED, f"needs {needs}")


def without_secrets(result: CheckResult, secrets: Iterable[str]) -> CheckResult:
    """Whatever a library put into its error, a secret isn't shown."""
    place, message, how_to_mend = result.place, result.message, result.how_to_mend
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            place = place.replace(secret, HIDDEN)
            message = message.replace(secret, HIDDEN)
            how_to_mend = how_to_mend.replace(secret, HIDDEN)
    return replace(result, place=place, message=message, how_to_mend=how_to_mend)
