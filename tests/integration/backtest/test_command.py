"""`tallyman backtest`, as somebody types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

SHIPMENTS = """\
tracking_number;partner;promised_at;ordered_at
TM1;=Halden("x");2026-03-04T18:00Z;2026-03-02T08:00Z
"""
CHECKPOINTS = """\
tracking_number,occurred_at,status
TM1,2026-03-03T09:00Z,in_transit
TM1,2026-03-05T09:00Z,delivered
TM1,2026-03-05T09:00Z,delivred
"""
BOOK = """\
ops_channel: C0OPS
fallback_channel: C0OPS
partners:
  - {key: halden, name: Halden, kind: carrier, time_zone: Europe/Berlin, channel: C0HALDEN,
     account_manager: U0LENA, aliases: ['=Halden("x")'], thresholds: {promise_grace_minutes: 180}}
sources:
  - {key: parcels, kind: easypost, api_key: "${A_KEY_THAT_NOBODY_HAS}"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shipments.csv").write_text(SHIPMENTS, encoding="utf-8")
    (tmp_path / "checkpoints.csv").write_text(CHECKPOINTS, encoding="utf-8")
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return tmp_path


def run(folder: Path, *options: str) -> Result:
    files = (
        "--shipments",
        str(folder / "shipments.csv"),
        "--checkpoints",
        str(folder / "checkpoints.csv"),
    )
    return CliRunner().invoke(app, ["backtest", *files, *options])


def test_it_says_the_figures_with_their_denominators_and_what_was_set_aside(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0
    assert "1 shipment, 2 checkpoints, 1 partner." in result.stdout
    assert "0.0% (0/1)" in result.stdout
    assert "checkpoints.csv:4: status: 'delivred' is no status: did you mean delivered?" in (
        result.stdout
    )


def test_what_is_not_shown_of_many_bad_lines_is_counted(folder: Path) -> None:
    with (folder / "checkpoints.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"TM1,2026-03-05T{hour}:00Z,delivred\n" for hour in range(10, 19))
    result = run(folder)
    assert "Set aside: 10 lines." in result.stdout
    assert "and 5 more: --report shows where" in result.stdout


def test_a_report_that_cannot_be_written_is_said_before_the_history_is_replayed(
    folder: Path,
) -> None:
    (folder / "shipments.csv").write_text("none", encoding="utf-8")
    result = run(folder, "--report", str(folder / "nowhere" / "report.html"))
    assert "No such file or directory" in result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--report", "shipments.csv"), "--report and --shipments are both shipments.csv"),
        (("--alerts-out", "./checkpoints.csv"), "--alerts-out and --checkpoints are both"),
        (("--book", "book.yaml", "--report", "book.yaml"), "--report and --book are both"),
        (("--alerts-out", "new", "--report", "new"), "--report and --alerts-out are both new"),
    ],
)
def test_a_slip_of_the_hand_costs_no_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = run(folder, *options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_alerts_cannot_become_a_formula(folder: Path) -> None:
    assert run(folder, "--alerts-out", str(folder / "alerts.csv")).exit_code == 0
    lines = (folder / "alerts.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ("at,event,case,kind,severity,partner,tracking_number,promised_at,detail")
    assert lines[1].startswith(
        '2026-03-04T19:00:00+00:00,opened,1,promise_passed,warning,"\'=Halden(""x"")",TM1,'
    )


def test_a_book_sets_thresholds_and_needs_none_of_its_keys(folder: Path) -> None:
    options = ("--book", str(folder / "book.yaml"), "--alerts-out", str(folder / "alerts.csv"))
    assert run(folder, *options).exit_code == 0
    opened = (folder / "alerts.csv").read_text(encoding="utf-8").splitlines()[1]
    assert opened.startswith("2026-03-04T21:00:00+00:00,opened,1,promise_passed,warning,halden,")


def test_a_sweep_tries_half_and_twice_a_threshold(folder: Path) -> None:
    result = run(folder, "--sweep", "promise_grace_minutes", "--report", str(folder / "r.html"))
    assert result.exit_code == 0
    assert "promise_grace_minutes × 0.5: 1 case, 0 wrong" in result.stdout
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert "The same history with other thresholds" in page


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sweep", "promise_grace_hours"), "Did you mean promise_grace_minutes?"),
        (("--from", "2027-01-01"), "the history runs from 2026-03-02 to 2026-03-05"),
        (("--book", "nowhere.yaml"), "there is no such file"),
        (("--alerts-out", "nowhere/alerts.csv"), "No such file or directory"),
        (("--report", "nowhere/report.html"), "No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    folder: Path, options: tuple[str, ...], said: str
) -> None:
    result = run(folder, *options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
