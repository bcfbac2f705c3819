"""`tallyman route`, as somebody types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings

EXAMPLE_BOOK = Path(__file__).parents[3] / "tallyman.example.yaml"
LOST = {"kind": "lost", "severity": "critical", "partner": "harbour"}


@pytest.fixture(autouse=True)
def _the_example_as_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    Path("tallyman.yaml").write_text(EXAMPLE_BOOK.read_text("utf-8"), encoding="utf-8")


def tallyman_route(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["route", *arguments], input=given)


def test_the_printed_example_can_be_asked_about_at_once_and_needs_no_key() -> None:
    printed = tallyman_route("--print-example")
    asked = tallyman_route("--example", "-", given=printed.stdout)

    assert (printed.exit_code, asked.exit_code) == (0, 0)
    assert "✓ takes it  1. Big customers" in asked.stdout
    assert "C0HARBOUR, the channel of partner harbour: by route Big customers" in asked.stdout
    assert (printed.stderr, asked.stderr) == ("", "")


def test_a_case_from_a_file_and_a_time_of_ones_own() -> None:
    Path("case.json").write_text(json.dumps(LOST | {"severity": "warning", "kind": "damaged"}))

    night = tallyman_route("--example", "case.json", "--at", "2026-11-23 21:00")
    noon = tallyman_route("--example", "case.json", "--at", "2026-11-23T12:00")

    assert (
        "At Mon 23 Nov 21:00 it would wait: the hours are quiet until Tue 24 Nov 06:00 "
        "(Europe/Berlin). What is critical does not wait." in night.stdout
    )
    assert "It would be said after 30 seconds" in noon.stdout
    assert "C0CLAIMS, a channel: by route Damages of Harbour" in noon.stdout


def test_a_file_with_a_byte_order_mark() -> None:
    Path("case.json").write_text(json.dumps(LOST), encoding="utf-8-sig")
    assert tallyman_route("--example", "case.json").exit_code == 0


def test_another_book() -> None:
    Path("other.yaml").write_text(
        EXAMPLE_BOOK.read_text("utf-8").replace("C0CLAIMS", "C0INSURERS"), encoding="utf-8"
    )
    said = tallyman_route("--example", "-", "--book", "other.yaml", given=json.dumps(LOST))
    assert "C0INSURERS, a channel" in said.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "standard input: not JSON: EOF while parsing a value at line 1 column 0\n"),
        (b"\xff\xfe", "standard input: is not UTF-8 at byte 0: save it as UTF-8\n"),
        (
            b'{"kind": "lost", "severity": "info", "custmer": "x", "partner": "harbor"}',
            "standard input: custmer: unknown field. Did you mean customer?\n",
        ),
        (
            b'{"kind": "lost", "severity": "info", "partner": "harbor"}',
            "standard input: partner: no partner has the key 'harbor'. Did you mean harbour?\n",
        ),
    ],
)
def test_what_is_no_case_ends_with_1(given: bytes, said: str) -> None:
    result = tallyman_route("--example", "-", given=given)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


def test_a_file_that_is_not_there() -> None:
    result = tallyman_route("--example", "none.json")
    assert (result.exit_code, result.stderr) == (1, "none.json: No such file or directory.\n")


def test_a_book_that_is_not_there_or_wrong() -> None:
    absent = tallyman_route("--print-example", "--book", "none.yaml")
    Path("tallyman.yaml").write_text(
        EXAMPLE_BOOK.read_text("utf-8").replace("C0CLAIMS]", "C0NORTHGATE]"), encoding="utf-8"
    )
    wrong = tallyman_route("--example", "-", given=json.dumps(LOST))

    assert (absent.exit_code, wrong.exit_code) == (1, 1)
    assert absent.stderr.startswith("none.yaml: there is no such file")
    assert "C0NORTHGATE is the channel of partner northgate, who would read of others" in (
        wrong.stderr
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--example", "case.json", "--print-example"],
        ["--example"],
        ["--example", "-", "--at", "tomorrow"],
        ["case.json"],
    ],
)
def test_what_it_does_not_understand_ends_with_2(arguments: list[str]) -> None:
    result = tallyman_route(*arguments, given="{}")
    assert (result.exit_code, result.stdout) == (2, "")
