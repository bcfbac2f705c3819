"""docs/rules.md is what the code says of itself."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.rule_table import NotDefined, definition_of, rules_as_markdown
from bot.rules.catalogue import THRESHOLDS
from storage.vocabulary import CaseKind, Reason

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
FOUND_BY_RULES = [kind for kind in CaseKind if kind is not CaseKind.ESCALATION]


def test_the_page_in_the_documentation_is_what_the_code_generates() -> None:
    hint = "the rules have changed: run `tallyman rules > docs/rules.md`"
    assert PAGE.read_text(encoding="utf-8") == rules_as_markdown(), hint


def test_the_command_prints_the_page() -> None:
    printed = CliRunner().invoke(app, ["rules"])
    assert printed.exit_code == 0
    assert printed.stdout == rules_as_markdown()


@pytest.mark.parametrize("kind", FOUND_BY_RULES)
def test_every_kind_has_its_row_and_every_cell_of_it_says_something(kind: CaseKind) -> None:
    rows = [line for line in rules_as_markdown().splitlines() if f"<br>`{kind}` |" in line]
    assert len(rows) == 1
    cells = [cell.strip() for cell in rows[0].strip("|").split(" | ")]
    assert len(cells) == 6
    assert all(cells)


def test_what_a_person_asks_for_is_no_rule() -> None:
    with pytest.raises(NotDefined, match="escalation"):
        definition_of(CaseKind.ESCALATION)


def test_every_threshold_is_told_with_its_default_and_unit() -> None:
    page = rules_as_markdown()
    for threshold in THRESHOLDS:
        rows = [line for line in page.splitlines() if line.startswith(f"| `{threshold.name}` |")]
        assert len(rows) == 1
        default = "off" if threshold.default is None else f"{threshold.default:g} {threshold.unit}"
        assert f"| {default} |" in rows[0]
        assert threshold.meaning in rows[0]


def test_every_reason_stands_on_one_side() -> None:
    page = rules_as_markdown()
    sides = page[page.index("| side |") :]
    assert all(sides.count(f"`{reason}`") == 1 for reason in Reason)


def test_a_docstring_is_taken_apart() -> None:
    hold = definition_of(CaseKind.CUSTOMS_HOLD)
    assert hold.name == "Customs hold"
    assert hold.definition.startswith("The latest news is that customs keep it")
    assert "Critical after the given working hours." in hold.severity
    assert hold.clears == "The next news without a customs reason, and the end of the journey."
    assert hold.turn.startswith("The shipper's where documents are missing")
    assert CaseKind.NO_SCAN in hold.explains
    assert [each.name for each in hold.thresholds] == [
        "customs_inspection_warning_after_working_hours",
        "customs_hold_critical_after_working_hours",
    ]
