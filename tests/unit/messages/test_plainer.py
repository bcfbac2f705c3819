"""What Slack refuses is said more plainly, until it can't be any plainer."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.blocks import Message, characters
from bot.messages.cards import CaseCard
from bot.messages.case_alert import case_alert
from bot.messages.group_alert import group_alert
from bot.messages.plainer import LONGEST_TEXT, plainer
from storage.vocabulary import CaseState
from tests.unit.messages.groups import group, several, table_of, taken
from tests.unit.messages.hostile import all_forms


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def test_a_group_becomes_a_simple_table_then_lines_then_its_notification(case: CaseCard) -> None:
    first, *others = several(case, 12)
    message = group_alert(group([taken(first), *others]))
    sortable, simple, lines, words, bare = all_forms(message)
    assert "data_table" in kinds(sortable)
    assert kinds(simple) == [kind.replace("data_table", "table") for kind in kinds(sortable)]
    assert table_of(simple) == table_of(sortable)
    assert {"table", "data_table"}.isdisjoint(kinds(lines))
    written = "\n".join(b["text"]["text"] for b in lines.blocks if b["type"] == "section")
    assert "*Case* · Shipment · Late by · Who has it · Promised" in written
    assert "*🟠 T-1053* · SCX-4422 · 14 days · nobody · Mon 3 Mar" in written
    assert "*🟠 T-1042* · SCX-4411 · 3 days · 👀 <@U0OPS> · Fri 14 Mar" in written
    assert kinds(lines)[-1] == "actions"
    assert kinds(words) == ["section", "actions"]
    assert words.blocks[0]["text"]["text"] == message.text
    assert {e["type"] for e in words.blocks[1]["elements"]} == {"button"}
    assert bare.blocks == []
    assert {form.text for form in (sortable, simple, lines, words, bare)} == {message.text}


def test_lines_that_no_longer_fit_are_counted(case: CaseCard) -> None:
    _, simple, lines, _, _ = all_forms(group_alert(group(several(case, 250))))
    assert characters(lines.blocks) < characters(simple.blocks)
    counted = [block["elements"][0]["text"] for block in lines.blocks if block["type"] == "context"]
    assert counted[0].endswith("more rows.")
    assert counted[1].endswith("in the full list.")


def test_a_single_case_keeps_its_buttons_until_the_last(case: CaseCard) -> None:
    whole, words, bare = all_forms(case_alert(case))
    assert kinds(words) == ["section", "actions"]
    assert words.blocks[-1] == whole.blocks[-1]
    assert bare.blocks == []
    over = replace(case, state=CaseState.RESOLVED)
    assert [bool(form.blocks) for form in all_forms(case_alert(over))] == [True, False]


def test_text_alone_is_cut_once_and_no_entity_torn() -> None:
    payload = {"text": "&amp;" * 2000, "reply_broadcast": True}
    shorter = plainer(payload)
    assert shorter is not None
    assert len(shorter["text"]) <= LONGEST_TEXT
    assert shorter["text"].removesuffix("…").replace("&amp;", "") == ""
    assert shorter["reply_broadcast"] is True
    assert plainer(shorter) is None


_CELLS = st.one_of(
    st.fixed_dictionaries({"type": st.just("raw_text"), "text": st.text(min_size=1)}),
    st.fixed_dictionaries(
        {"type": st.just("raw_number"), "value": st.integers(), "text": st.text(min_size=1)}
    ),
)
_TABLES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["data_table", "table"]),
        "rows": st.lists(st.lists(_CELLS, min_size=1, max_size=3), min_size=2, max_size=5),
    }
)
_OTHERS = st.sampled_from(
    [
        {"type": "section", "text": {"type": "mrkdwn", "text": "words"}},
        {"type": "actions", "elements": [{"type": "button", "action_id": "do"}]},
        {"type": "actions", "elements": [{"type": "static_select", "action_id": "choose"}]},
    ]
)
_PAYLOADS = st.fixed_dictionaries(
    {"text": st.text(max_size=6000)},
    optional={"blocks": st.lists(st.one_of(_TABLES, _OTHERS), max_size=4)},
)


@given(_PAYLOADS)
def test_whatever_it_is_each_step_is_plainer_and_there_is_a_last(payload: dict[str, Any]) -> None:
    steps = 0
    step: dict[str, Any] | None = payload
    while step is not None:
        following = plainer(step)
        if following is not None:
            assert _plainness(following) < _plainness(step)
        step = following
        steps += 1
    assert steps <= 6


def _plainness(payload: dict[str, Any]) -> tuple[int, int, int, int]:
    blocks = [block["type"] for block in payload.get("blocks", ())]
    return (
        blocks.count("data_table"),
        blocks.count("table") + blocks.count("data_table"),
        len(blocks) + 100 * blocks.count("table"),
        len(payload["text"]),
    )
