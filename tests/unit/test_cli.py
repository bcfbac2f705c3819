"""The command line, as somebody types it."""

import errno
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest
from pydantic import HttpUrl
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from bot.checking.expected import Circumstances, sentences_for
from bot.checking.explaining import database_fault
from bot.cli import app
from bot.settings import Settings

BOOK = """\
ops_channel: C0OPS
fallback_channel: C0OPS
partners:
  - {key: harbour, name: Harbour Parcel, kind: carrier, time_zone: Europe/Berlin,
     channel: C0HARBOUR, account_manager: U0LENA}
sources:
  - {key: parcels, kind: folder, path: .}
"""
SETUP = """\
people: [{id: U0LENA, name: lena, real_name: Lena Voss}]
channels: [{id: C0OPS, name: ops, members: [U0LENA]}]
"""
TALLYMAN = (sys.executable, "-c", "from bot.cli import main; main()")


@pytest.fixture(autouse=True)
def _an_empty_folder_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@contextmanager
def a_taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@contextmanager
def a_silent_server() -> Iterator[tuple[int, Callable[[], object]]]:
    """Its port, and what returns once somebody has asked it something."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(60)
        with ExitStack() as callers:

            def until_asked() -> bytes:
                return callers.enter_context(listener.accept()[0]).recv(1)

            yield listener.getsockname()[1], until_asked


def in_a_process(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TALLYMAN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **variables},
    )


@contextmanager
def a_workspace_process() -> Iterator[dict[str, str]]:
    """One that has what the book needs; gives the variables that it asks to be set."""
    process = subprocess.Popen(
        [*TALLYMAN, "workspace", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield dict(
            line.removeprefix("  export ").strip().split("=", 1)
            for line in invitation_of(process)
            if "export" in line
        )
    finally:
        process.terminate()
        process.communicate(timeout=30)


def invitation_of(process: subprocess.Popen[str]) -> list[str]:
    """What a workspace prints before it waits, line by line."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while lines[-1] and not lines[-1].startswith("Ctrl-C"):
        lines.append(process.stdout.readline())
    return lines


# -- finding one's way -------------------------------------------------------


def test_help_names_every_command(runner: CliRunner) -> None:
    result = runner.invoke(app, ["--help"])

    assert result.exit_code == 0
    for command in (
        "run",
        "demo",
        "check",
        "route",
        "migrate",
        "set-aside",
        "workspace",
        "version",
    ):
        assert re.search(rf"\b{command}\b", result.output)


def test_help_loads_nothing_that_only_the_commands_need() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bot.cli; print([name for name in "
            "('sqlmodel', 'aiohttp', 'slack_bolt', 'holidays') if name in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"


def test_version(runner: CliRunner) -> None:
    assert runner.invoke(app, ["version"]).output.strip() == version("tallyman")


@pytest.mark.parametrize(
    "arguments",
    [["chekc"], ["workspace", "--port", "70000"], ["demo", "--port", "http"], ["run", "x"]],
)
def test_what_it_does_not_understand_ends_with_2(arguments: list[str], runner: CliRunner) -> None:
    assert runner.invoke(app, arguments).exit_code == 2


# -- the environment ---------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TALLYMAN_PORT", "http", "TALLYMAN_PORT: expected a port number such as 3000"),
        ("SLACK_API_URL", "slack", "SLACK_API_URL: expected an address"),
        ("TALLYMAN_CLOCK_START", "June", "TALLYMAN_CLOCK_START: expected an instant"),
        ("TALLYMAN_LOG_LEVEL", "LOUD", "TALLYMAN_LOG_LEVEL: 'LOUD' is no level"),
        ("DATABASE_URL", "mysql://here/db", "DATABASE_URL: names mysql"),
        ("DATABASE_URL", "tallyman.db", "DATABASE_URL: is no database's URL"),
        ("DATABASE_URL", "sqlite:///", "DATABASE_URL: names no file"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL: names no file"),
        ("DATABASE_URL", "sqlite:///:memory:", "DATABASE_URL: names no file"),
        (
            "TALLYMAN_CLOCK_SINCE",
            "2026-11-01T12:00:00Z",
            "TALLYMAN_CLOCK_START, TALLYMAN_CLOCK_SINCE: only one of them is set",
        ),
    ],
)
def test_a_variable_at_fault_is_named_in_one_line(
    variable: str, value: str, said: str, runner: CliRunner
) -> None:
    result = runner.invoke(app, ["migrate"], env={variable: value})

    assert result.exit_code == 1
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_variable_left_empty_counts_as_left_out(runner: CliRunner) -> None:
    result = runner.invoke(app, ["migrate", "--pending"], env={"TALLYMAN_PORT": ""})

    assert result.exit_code == 0


def test_an_env_file_that_is_no_text(runner: CliRunner) -> None:
    Path(".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe\n")

    result = runner.invoke(app, ["run"])

    assert (result.exit_code, result.stderr) == (1, ".env: it isn't UTF-8 text\n")


# -- run ---------------------------------------------------------------------


def test_run_without_a_book_says_how_to_write_one(runner: CliRunner) -> None:
    result = runner.invoke(app, ["run"])

    assert result.exit_code == 1
    assert result.stderr.startswith("tallyman.yaml: there is no such file")


def test_run_says_every_fault_of_the_book(runner: CliRunner) -> None:
    Path("tallyman.yaml").write_text(BOOK.replace("carrier", "courier").replace("U0LENA", "Lena"))

    result = runner.invoke(app, ["run"])

    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == ["4", "5"]


def test_run_without_a_token_names_the_variable() -> None:
    Path("tallyman.yaml").write_text(BOOK)

    result = in_a_process("run")

    assert result.returncode == 1
    assert "SLACK_BOT_TOKEN is not set" in result.stderr
    assert "Traceback" not in result.stderr


def test_run_with_a_token_that_slack_refuses_is_one_line() -> None:
    Path("tallyman.yaml").write_text(BOOK)
    with a_workspace_process() as variables:
        result = in_a_process("run", **variables | {"SLACK_BOT_TOKEN": "xoxb-of-somebody-else"})

    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Slack doesn't know this token (invalid_auth): ")
    assert "xoxb-of-somebody-else" not in result.stderr
    assert "Traceback" not in result.stderr


def test_run_with_an_app_token_that_slack_refuses_is_one_line() -> None:
    Path("tallyman.yaml").write_text(BOOK)
    with a_workspace_process() as variables:
        result = in_a_process("run", **variables | {"SLACK_APP_TOKEN": "xapp-of-somebody-else"})

    assert result.returncode == 1
    assert result.stderr.startswith("Slack doesn't know this token (invalid_auth): ")
    assert "for SLACK_APP_TOKEN" in result.stderr
    assert result.stderr.count("\n") == 1


def test_run_where_slack_is_elsewhere_is_one_line() -> None:
    Path("tallyman.yaml").write_text(BOOK)
    with a_workspace_process() as variables:
        url = variables["SLACK_API_URL"].removesuffix("api/")
        result = in_a_process("run", **variables | {"SLACK_API_URL": url})

    assert result.returncode == 1
    assert result.stderr.startswith(f"{url} answered HTTP 404: ")
    assert result.stderr.count("\n") == 1


def test_run_without_a_database_is_one_line() -> None:
    Path("tallyman.yaml").write_text(BOOK)

    result = in_a_process("run", DATABASE_URL="sqlite:///gone/tallyman.sqlite")

    assert result.returncode == 1
    assert result.stderr.startswith("The database sqlite:///gone/tallyman.sqlite can't be used: ")
    assert result.stderr.count("\n") == 1


def test_a_file_that_is_no_database_is_called_that() -> None:
    Path("tallyman.yaml").write_text(BOOK)
    Path("notes.txt").write_text("Call Lena about the Hamburg trucks, please. " * 50)

    result = in_a_process("run", DATABASE_URL="sqlite:///notes.txt")

    assert (result.returncode, result.stderr) == (
        1,
        "The database sqlite:///notes.txt can't be used: file is not a database: it is another "
        "kind of file, or damaged; set DATABASE_URL to another one, or restore a backup.\n",
    )


def test_a_database_that_somebody_keeps_locked_is_not_said_to_be_missing() -> None:
    url = make_url("sqlite:///tallyman.sqlite")
    locked = OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))

    assert str(database_fault(locked, url)) == (
        "can't be used: database is locked: something else has been writing to it for long; stop "
        "that, or wait for it."
    )


def test_run_on_the_database_of_a_newer_version_is_one_line(runner: CliRunner) -> None:
    Path("tallyman.yaml").write_text(BOOK)
    runner.invoke(app, ["migrate"])
    with sqlite3.connect("tallyman.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    result = in_a_process("run")

    assert result.returncode == 1
    assert result.stderr.startswith("Cannot start: the database is at migration 9999")
    assert result.stderr.endswith("restore a backup.\n")


# -- migrate -----------------------------------------------------------------


def test_migrations_are_named_then_applied_then_done(runner: CliRunner) -> None:
    named = runner.invoke(app, ["migrate", "--pending"])
    applied = runner.invoke(app, ["migrate"])
    again = runner.invoke(app, ["migrate"])

    assert named.output.startswith("to apply: ")
    assert applied.output == named.output.replace("to apply", "applied")
    assert again.output == "Nothing to apply: the database is up to date.\n"


def test_a_database_that_is_not_there_is_one_line_without_its_password(runner: CliRunner) -> None:
    with a_taken_port() as port:
        pass
    url = f"postgresql://tally:s3cret-word@127.0.0.1:{port}/tally"

    result = runner.invoke(app, ["migrate"], env={"DATABASE_URL": url})

    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"The database postgresql://tally:***@127.0.0.1:{port}/tally can't be used"
    )
    assert "s3cret-word" not in result.output
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "looking",
    [["outbox", "list"], ["outbox", "retry", "7"], ["outbox", "drop", "7"], ["set-aside"]],
)
def test_whoever_looks_in_the_wrong_folder_is_told_so_and_leaves_nothing_there(
    looking: list[str], runner: CliRunner, tmp_path: Path
) -> None:
    result = runner.invoke(app, looking)

    assert (result.exit_code, result.stderr) == (
        1,
        f"There is no database {tmp_path / 'tallyman.sqlite'}: go to the folder where Tallyman "
        "runs, or set DATABASE_URL.\n",
    )
    assert not any(tmp_path.iterdir())


def test_whoever_asks_what_would_be_applied_applies_nothing(
    runner: CliRunner, tmp_path: Path
) -> None:
    assert runner.invoke(app, ["migrate", "--pending"]).output.startswith("to apply: 0001")
    assert not any(tmp_path.iterdir())


# -- check -------------------------------------------------------------------


def test_check_ends_with_1_and_prints_plain_words_where_nobody_looks() -> None:
    Path("tallyman.yaml").write_text(BOOK)

    result = in_a_process("check")

    assert result.returncode == 1
    assert "✗ FAULT  SLACK_BOT_TOKEN: is not set" in result.stdout
    assert "✓ ok  tallyman.yaml: 1 partner, 1 source, 0 terms" in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_check_speaks_to_a_terminal_that_knows_no_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")

    result = in_a_process("check")

    assert result.returncode == 1
    assert "? FAULT  SLACK_BOT_TOKEN" in result.stdout


def test_check_goes_on_where_a_variable_cannot_be_read(runner: CliRunner) -> None:
    Path("tallyman.yaml").write_text(BOOK)

    result = runner.invoke(app, ["check"], env={"TALLYMAN_PORT": "http"})

    assert result.exit_code == 1
    assert "FAULT  TALLYMAN_PORT: expected a port number such as 3000, not 'http'" in result.output
    assert "ok  parcels, folder" in result.output


def test_check_reads_the_secrets_of_the_book_from_the_env_file(runner: CliRunner) -> None:
    Path("tallyman.yaml").write_text(
        BOOK + "  - {key: trackers, kind: easypost, url: 'http://127.0.0.1:1/v2',\n"
        "     api_key: '${EASYPOST_API_KEY}', timeout_seconds: 0.1}\n"
    )

    without = runner.invoke(app, ["check"])
    Path(".env").write_text("EASYPOST_API_KEY=\n")
    empty = runner.invoke(app, ["check"])

    assert "EASYPOST_API_KEY" in without.output
    assert (without.exit_code, empty.exit_code) == (1, 1)


def test_ctrl_c_ends_a_check_that_waits_without_a_traceback() -> None:
    with a_silent_server() as (port, until_asked):
        Path("tallyman.yaml").write_text(
            f"{BOOK}  - {{key: trackers, kind: easypost, url: 'http://127.0.0.1:{port}/v2',\n"
            "     api_key: '${EASYPOST_API_KEY}'}\n"
        )
        process = subprocess.Popen(
            [*TALLYMAN, "check"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "EASYPOST_API_KEY": "EZAKsomething"},
        )
        until_asked()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)

    assert (process.returncode, errors) == (130, "")


# -- workspace and demo ------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_workspace_of_its_own_runs_until_it_is_ended(ending: signal.Signals) -> None:
    Path("setup.yaml").write_text(SETUP)
    process = subprocess.Popen(
        [*TALLYMAN, "workspace", "--port", "0", "--setup", "setup.yaml"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first, *rest = invitation_of(process)
    process.send_signal(ending)
    _, errors = process.communicate(timeout=30)

    assert re.fullmatch(r"The workspace is at http://127\.0\.0\.1:\d+\n", first)
    assert any(line.startswith("  export SLACK_API_URL=http://127.0.0.1:") for line in rest)
    assert "  export SLACK_BOT_TOKEN=xoxb-local-workspace\n" in rest
    assert (process.returncode, errors) == (0, "")


def test_check_finds_everything_in_the_workspace_that_the_book_needs() -> None:
    Path("tallyman.yaml").write_text(BOOK)

    with a_workspace_process() as variables:
        result = in_a_process("check", **variables)

    assert result.returncode == 0, result.stdout
    assert "Everything that `tallyman run` needs is there." in result.stdout


def test_a_workspace_needs_no_key_of_the_sources_that_the_book_names() -> None:
    Path("tallyman.yaml").write_text(
        f'{BOOK}  - {{key: easy, kind: easypost, api_key: "${{A_KEY}}"}}'
    )
    with a_workspace_process() as variables:
        assert variables["SLACK_BOT_TOKEN"] == "xoxb-local-workspace"


def test_a_workspace_whose_journal_is_damaged_says_so(runner: CliRunner) -> None:
    Path("setup.yaml").write_text(SETUP)
    Path("state").mkdir()
    Path("state/workspace.jsonl").write_text("not json\n{}\n")

    result = runner.invoke(
        app, ["workspace", "--port", "0", "--setup", "setup.yaml", "--state-dir", "state"]
    )

    assert result.exit_code == 1
    assert "workspace.jsonl" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_port_in_use_is_one_clear_line(runner: CliRunner) -> None:
    Path("setup.yaml").write_text(SETUP)
    with a_taken_port() as port:
        result = runner.invoke(app, ["workspace", "--port", str(port), "--setup", "setup.yaml"])

    assert (result.exit_code, result.stderr) == (
        1,
        f"Port {port} is already in use: stop what uses it, or choose another with --port.\n",
    )


def test_the_demo_says_the_same_of_its_port() -> None:
    with a_taken_port() as port:
        result = in_a_process("demo", "--port", str(port))

    assert (result.returncode, result.stderr) == (
        1,
        f"Port {port} is already in use: stop what uses it, or choose another with "
        "--port / make demo PORT=9000.\n",
    )


def test_a_slack_that_does_not_answer_in_time_is_named() -> None:
    settings = Settings(slack_api_url=HttpUrl("https://slack.example/api/"))

    assert sentences_for(TimeoutError(), Circumstances(settings)) == [
        "No answer from https://slack.example/api/ (TimeoutError): check the network, a proxy, "
        "and SLACK_API_URL if it is set."
    ]


def test_faults_that_come_together_are_each_said_once() -> None:
    in_use = OSError(errno.EADDRINUSE, "address already in use")
    together = ExceptionGroup("tasks", [in_use, ExceptionGroup("more", [in_use])])
    with_a_surprise = ExceptionGroup("tasks", [in_use, KeyError("surprise")])
    circumstances = Circumstances(port=8080, how_to_choose_port="--port")

    assert sentences_for(together, circumstances) == [
        "Port 8080 is already in use: stop what uses it, or choose another with --port."
    ]
    assert sentences_for(with_a_surprise, circumstances) == []


def test_a_fresh_demo_deletes_no_folder_but_its_own(runner: CliRunner) -> None:
    Path("papers").mkdir()
    Path("papers/contract.txt").write_text("Signed.")

    result = runner.invoke(app, ["demo", "--fresh", "--state-dir", "papers"])

    assert result.exit_code == 1
    assert "papers holds something, and it isn't the demo's" in result.stderr
    assert Path("papers/contract.txt").read_text() == "Signed."


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ("[]", "setup.yaml: expected people and channels"),
        ("people: [", "setup.yaml: while parsing"),
        ("people: []\nchannels: [{id: x, name: ops}]", "setup.yaml: channels.0.id: "),
        (SETUP.replace("[U0LENA]", "[U0NOBODY]"), "setup.yaml: workspace: Value error, #ops"),
        (SETUP + "manifest: nowhere.json", "nowhere.json: No such file"),
    ],
)
def test_a_setup_that_describes_no_workspace(described: str, said: str, runner: CliRunner) -> None:
    Path("setup.yaml").write_text(described)

    result = runner.invoke(app, ["workspace", "--port", "0", "--setup", "setup.yaml"])

    assert result.exit_code == 1
    assert result.stderr.startswith(said)
