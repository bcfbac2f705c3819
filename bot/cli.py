"""The command line. What a command needs is imported when it runs, so that --help is quick."""

# ruff: noqa: PLC0415

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlmodel import Session

    from bot.settings import Settings
    from bot.workspace import WorkspaceSetup

app = typer.Typer(
    name="tallyman",
    help="Holds carriers, 3PLs and suppliers to what they promised, and says so in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and so secrets
)

outbox_app = typer.Typer(
    help="What Slack did not get: see it, send it again, or give it up.", no_args_is_help=True
)
app.add_typer(outbox_app, name="outbox")

ANY_PORT = 0
HIGHEST_PORT = 65_535
INTERRUPTED = 130  # the exit code that a shell expects after Ctrl-C
TRACES_OF_DEMO = ("time", "workspace", "orders")

Port = Annotated[
    int,
    typer.Option(min=ANY_PORT, max=HIGHEST_PORT, help="Where its page is; 0 takes a free one."),
]


@app.command()
def run() -> None:
    """Run against Slack, until SIGTERM or Ctrl-C."""
    with plainly():
        import anyio

        from bot import logs
        from bot.app import NotConfigured
        from bot.app import run as run_app
        from bot.book import load_book
        from bot.checking.environment import read_environment, read_settings

        settings = read_settings()
        with plainly(settings, port=settings.tallyman_port):
            book = load_book(settings.tallyman_book, read_environment())
            logs.configure(settings.tallyman_log_level)
            try:
                anyio.run(run_app, settings, book)
            except NotConfigured as error:
                fail(f"{error} `tallyman check` says what else is missing.")


@app.command()
def demo(
    port: Port = 8080,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was, and begin its history anew.")
    ] = False,
    state_dir: Annotated[
        Path, typer.Option(file_okay=False, help="Where it keeps its database and workspace.")
    ] = Path(".demo"),
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day from which time goes on at its usual pace."
        ),
    ] = None,
) -> None:
    """Show everything on this machine, with real shipments and a local Slack."""
    with plainly(port=port, how_to_choose_port="--port / make demo PORT=9000"):
        import anyio

        from bot import logs
        from bot.checking.manifest import manifest_path
        from bot.demo.book import END
        from bot.demo.running import run_demo, start_afresh

        if fresh:
            _require_traces_of_demo(state_dir)
            start_afresh(state_dir)
        logs.configure("WARNING")
        last = until.replace(tzinfo=UTC) if until else END
        anyio.run(run_demo, port, state_dir, manifest_path(), _announce_demo, last)


@app.command()
def check() -> None:
    """Say of everything that `run` needs whether it is there, and how to mend what isn't."""
    with plainly():
        import anyio
        from rich.console import Console

        from bot.checking.checklist import check_everything
        from bot.checking.environment import SettingFault, read_environment, read_what_can_be
        from bot.checking.rendering import print_checkup

        refused: list[SettingFault] = []
        settings = read_what_can_be(refused)
        checkup = anyio.run(check_everything, settings, read_environment(), tuple(refused))
        print_checkup(checkup, Console())
        if checkup.faults:
            raise typer.Exit(1)


@app.command()
def backtest(
    shipments: Annotated[
        Path, typer.Option(dir_okay=False, help="What was promised: a .csv or .csv.gz file.")
    ],
    checkpoints: Annotated[
        Path, typer.Option(dir_okay=False, help="What happened to it: a .csv or .csv.gz file.")
    ],
    book: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Without it, every partner has every default."),
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day reported, in UTC."),
    ] = None,
    last_day: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help="The last; else that of the last news."),
    ] = None,
    alerts_out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Writes every opening, change and end: CSV.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Writes a page with charts: HTML.")
    ] = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(help="A threshold to try at half and twice its value; may be repeated."),
    ] = None,
) -> None:
    """Replay a recorded history, and say what would have been alerted on, and how rightly."""
    with plainly():
        from rich.console import Console

        from bot.backtest.command import run_command
        from bot.backtest.files import HistoryRefused
        from bot.backtest.keyless import load_book_without_keys
        from bot.backtest.running import Window
        from bot.backtest.sweep import UnknownThreshold

        try:
            run_command(
                shipments,
                checkpoints,
                book=load_book_without_keys(book) if book is not None else None,
                window=Window(
                    first_day.date() if first_day else None, last_day.date() if last_day else None
                ),
                sweep=sweep or (),
                alerts_out=alerts_out,
                report=report,
                console=Console(),
                progress_console=Console(stderr=True),
            )
        except (HistoryRefused, UnknownThreshold) as error:
            fail(str(error))


@app.command()
def migrate(
    pending: Annotated[
        bool, typer.Option("--pending", help="Only name what would be applied.")
    ] = False,
) -> None:
    """Bring the database to this version of Tallyman."""
    with plainly():
        from bot.checking.environment import read_settings
        from storage import migrate as migrations
        from storage.database import Database

        settings = read_settings()
        with plainly(settings):
            database = Database(settings.database_url)
            try:
                names = (migrations.pending if pending else migrations.upgrade)(database)
            except migrations.NewerDatabase as error:
                fail(f"Cannot migrate: {error}.")
            finally:
                database.close()
        for name in names:
            typer.echo(f"{'to apply' if pending else 'applied'}: {name}")
        if not names:
            typer.echo("Nothing to apply: the database is up to date.")


@outbox_app.command("list")
def outbox_list() -> None:
    """Print what was set aside, and why, and what waits."""
    from bot.dead_letters import listing

    with _at_database() as (session, now):
        lines = listing(session, now)
    for line in lines:
        typer.echo(line)


@outbox_app.command("retry")
def outbox_retry(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
) -> None:
    """Give a message that was set aside another life."""
    from bot.dead_letters import retry

    with _at_database() as (session, now):
        said = retry(session, message_id, now)
    typer.echo(said)


@outbox_app.command("drop")
def outbox_drop(
    message_id: Annotated[int, typer.Argument(metavar="ID", help="As `outbox list` names it.")],
    why: Annotated[str, typer.Option(help="Kept beside it.")] = "dropped by hand",
) -> None:
    """Give up a message that was set aside: it is kept, and never said."""
    from bot.dead_letters import drop

    with _at_database() as (session, _):
        said = drop(session, message_id, why)
    typer.echo(said)


@app.command()
def workspace(
    port: Port = 8090,
    state_dir: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Where its messages outlive it; else in memory only."),
    ] = None,
    setup: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="People and channels, as YAML. Without it: those that the book needs.",
        ),
    ] = None,
) -> None:
    """Run a Slack workspace on this machine, to try Tallyman out with."""
    with plainly(port=port, how_to_choose_port="--port"):
        import anyio

        from bot.trying_out import setup_from

        described = setup_from(setup) if setup is not None else _setup_of_book()
        anyio.run(_serve_workspace, described, port, state_dir)


@app.command()
def rules() -> None:
    """Print, as Markdown, what each rule calls an exception, and its thresholds."""
    from bot.rule_table import rules_as_markdown

    typer.echo(rules_as_markdown(), nl=False)


@app.command()
def version() -> None:
    """Print Tallyman's version."""
    from importlib.metadata import version as version_of

    typer.echo(version_of("tallyman"))


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


def fail(sentence: str) -> None:
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


@contextmanager
def _at_database() -> "Iterator[tuple[Session, datetime]]":
    """One transaction on the database of the environment, whether Tallyman runs or not, and the
    time by its clock."""
    with plainly():
        from bot.checking.environment import read_settings
        from bot.dead_letters import NotSetAside
        from storage import migrate as migrations
        from storage.database import Database

        settings = read_settings()
        with plainly(settings):
            database = Database(settings.database_url)
            try:
                if migrations.pending(database):
                    fail("The database is not up to date: `tallyman migrate` brings it there.")
                with database.transaction() as session:
                    yield session, settings.clock()()
            except migrations.NewerDatabase as error:
                fail(f"Cannot read the database: {error}.")
            except NotSetAside as error:
                fail(str(error))
            finally:
                database.close()


def _was_interrupted(error: BaseException) -> bool:
    """By Ctrl-C, perhaps by a second one, while the first was being obeyed."""
    if isinstance(error, BaseExceptionGroup):
        return error.subgroup(KeyboardInterrupt) is not None
    return isinstance(error, KeyboardInterrupt)


def _require_traces_of_demo(state_dir: Path) -> None:
    """Before a folder is emptied: a slip in --state-dir must not cost somebody's files."""
    if not state_dir.is_dir() or not any(state_dir.iterdir()):
        return
    if not any((state_dir / trace).exists() for trace in TRACES_OF_DEMO):
        fail(
            f"{state_dir} holds something, and it isn't the demo's: "
            "--fresh would delete it. Name another folder with --state-dir."
        )


def _announce_demo(url: str) -> None:
    typer.echo(f"Tallyman's demo is at {url} (Ctrl-C ends it)")
    sys.stdout.flush()


def _setup_of_book() -> "WorkspaceSetup":
    from bot.book import load_book
    from bot.checking.environment import read_environment, read_settings
    from bot.trying_out import setup_for

    return setup_for(load_book(read_settings().tallyman_book, read_environment()))


async def _serve_workspace(described: "WorkspaceSetup", port: int, state_dir: Path | None) -> None:
    import signal

    import anyio

    from bot.workspace import Workspace

    local = Workspace(described, state_dir=state_dir)
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        await local.start(port)
        try:
            typer.echo(_invitation(local.url, local.api_url, described))
            sys.stdout.flush()
            async for _ in signals:
                return
        finally:
            await local.stop()


def _invitation(url: str, api_url: str, described: "WorkspaceSetup") -> str:
    lines = [
        f"The workspace is at {url}",
        "",
        "To let Tallyman work in it, in another terminal:",
        f"  export SLACK_API_URL={api_url}",
        f"  export SLACK_BOT_TOKEN={described.bot_token}",
    ]
    if described.request_url is None:
        lines.append(f"  export SLACK_APP_TOKEN={described.app_token}")
    else:
        lines.append(f"  export SLACK_SIGNING_SECRET={described.signing_secret}")
    return "\n".join([*lines, "  tallyman run", "", "Ctrl-C ends it."])
