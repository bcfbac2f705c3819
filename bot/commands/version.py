"""tallyman version"""

# ruff: noqa: PLC0415

import typer


def version() -> None:
    """Print Tallyman's version."""
    from importlib.metadata import version as version_of

    typer.echo(version_of("tallyman"))
