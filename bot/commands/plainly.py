"""How a command ends when something is wrong: in one clear line."""

# ruff: noqa: PLC0415

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

INTERRUPTED = 130  # the exit code that a shell expects after Ctrl-C


def fail(sentence: str) -> NoReturn:
    """Says it on standard error and ends the command with 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@contextmanager
def plainly(
    settings: "Settings | None" = None,
    port: int | None = None,
    how_to_choose_port: str = "TALLYMAN_PORT",
) -> Iterator[None]:
    """Says an expected fault in one clear line; only what nobody expected has a traceback."""
    try:
        yield
    except typer.Exit:
        raise
    except BaseException as error:
        if _was_interrupted(error):
            raise typer.Exit(INTERRUPTED) from None
        from bot.checking.expected import Circumstances, sentences_for

        sentences = sentences_for(error, Circumstances(settings, port, how_to_choose_port))
        if not sentences:
            raise
        fail("\n".join(sentences))


def _was_interrupted(error: BaseException) -> bool:
    """By Ctrl-C, perhaps by a second one, while the first was being obeyed."""
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(KeyboardInterrupt) is not None
    return isinstance(error, KeyboardInterrupt)
