"""The command line: its commands are in bot.commands."""

import os
import sys

import typer

from bot.commands.backtest import backtest
from bot.commands.check import check
from bot.commands.demo import demo
from bot.commands.migrate import migrate
from bot.commands.outbox import outbox_app
from bot.commands.plainly import INTERRUPTED
from bot.commands.route import route
from bot.commands.rules import rules
from bot.commands.run import run
from bot.commands.set_aside import set_aside
from bot.commands.version import version
from bot.commands.workspace import workspace

app = typer.Typer(
    name="tallyman",
    help="Holds carriers, 3PLs and suppliers to what they promised, and says so in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and so secrets
)
for command in (run, demo, check, route, backtest, migrate, set_aside, workspace, rules, version):
    app.command()(command)
app.add_typer(outbox_app, name="outbox")


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that isn't UTF-8 gets a ? for a mark
    try:
        app()
    except KeyboardInterrupt:
        _leave_at_once()
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            _leave_at_once()
        raise


def _leave_at_once() -> None:
    # Interrupted while it was ending, its worker threads were not told to stop: Python would wait
    # for them without end. Nothing is lost: what counts is in the database.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(INTERRUPTED)
