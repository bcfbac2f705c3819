"""Sources: whether each answers."""

import anyio

from bot.book.models import Book, SourceEntry
from bot.checking.results import CheckResult, fault, ok
from bot.sources.registry import open_source
from bot.sources.source import SourceError, SourceRefused

NAME = "Sources"
PATIENCE = 30.0  # seconds for one source, its retries and pauses included


async def check_sources(book: Book) -> list[CheckResult]:
    """Asks them all at once; what they say is in the order of the book."""
    results: dict[str, CheckResult] = {}

    async def one(entry: SourceEntry) -> None:
        results[entry.key] = await check_source(entry)

    async with anyio.create_task_group() as group:
        for entry in book.sources:
            group.start_soon(one, entry)
    return [results[entry.key] for entry in book.sources]


async def check_source(entry: SourceEntry, patience: float = PATIENCE) -> CheckResult:
    place = f"{entry.key}, {entry.kind}"
    source = open_source(entry)
    try:
        with anyio.fail_after(patience):
            return ok(NAME, place, await source.probe())
    except SourceRefused as error:
        return fault(NAME, place, str(error))
    except SourceError as error:
        return fault(NAME, place, str(error), "wait a little, and run `tallyman check` again")
    except TimeoutError:
        return fault(
            NAME,
            place,
            f"no answer within {patience:g} s",
            f"check the network and the url of source {entry.key} in the book, then try again",
        )
    except OSError as error:
        return fault(
            NAME,
            place,
            f"{error.filename or entry.key} can't be read: {error.strerror or error}",
            "see that the path in the book is right and may be read by who runs Tallyman",
        )
    finally:
        await source.close()
