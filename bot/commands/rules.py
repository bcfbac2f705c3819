"""tallyman rules"""

# ruff: noqa: PLC0415

import typer


def rules() -> None:
    """Print, as Markdown, what each rule calls an exception, and its thresholds."""
    from bot.rule_table import rules_as_markdown

    typer.echo(rules_as_markdown(), nl=False)
