"""Every limit of Slack's blocks: at the limit a message passes, one over it is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.workspace.errors import SlackError
from bot.workspace.json_values import JsonObject
from bot.workspace.limits import check_message, check_view

Blocks = list[JsonObject]


def plain(length: int) -> JsonObject:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> JsonObject:
    return {"type": "mrkdwn", "text": "x" * length}


def section(length: int = 1) -> JsonObject:
    return {"type": "section", "text": mrkdwn(length)}


def button(**parts: JsonValue) -> JsonObject:
    return {"type": "button", "text": plain(1), **parts}


def actions(*elements: JsonObject) -> JsonObject:
    return {"type": "actions", "elements": list(elements)}


def option(text: int = 1, value: int = 1) -> JsonObject:
    return {"text": plain(text), "value": "v" * value}


def menu(kind: str, options: int) -> JsonObject:
    return {"type": kind, "options": [option() for _ in range(options)]}


def confirm(**parts: JsonValue) -> JsonObject:
    whole: JsonObject = {"title": plain(1), "text": plain(1), "confirm": plain(1), "deny": plain(1)}
    return button(confirm=whole | parts)


def cells(count: int, length: int = 1) -> JsonValue:
    return [{"type": "raw_text", "text": "x" * length} for _ in range(count)]


def table(rows: int, columns: int, length: int = 1) -> JsonObject:
    return {"type": "table", "rows": [cells(columns, length) for _ in range(rows)]}


MENTION: JsonObject = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0OLIVIA"}]}
    ],
}


def data_table(rows: int, columns: int, **parts: JsonValue) -> JsonObject:
    return {**table(rows, columns), "type": "data_table", "caption": "Misses", **parts}


def chart(**parts: JsonValue) -> JsonObject:
    return {
        "type": "data_visualization",
        "title": "On time",
        "chart": {
            "type": "line",
            "series": [{"name": "Brightwater", "data": [{"label": "May", "value": 1}]}],
            "axis_config": {"categories": ["May"]},
            **parts,
        },
    }


def titled_chart(length: int) -> JsonObject:
    return chart() | {"title": "x" * length}


def series(count: int, length: int = 1) -> JsonValue:
    return [{"name": "x" * length, "data": []} for _ in range(count)]


def card(**parts: JsonValue) -> JsonObject:
    return {"type": "card", "title": plain(1), **parts}


MESSAGES: dict[str, tuple[int, Callable[[int], Blocks]]] = {
    "blocks of a message": (50, lambda n: [{"type": "divider"}] * n),
    "section text": (3000, lambda n: [section(n)]),
    "section fields": (10, lambda n: [{"type": "section", "fields": [mrkdwn(1)] * n}]),
    "section field": (2000, lambda n: [{"type": "section", "fields": [mrkdwn(n)]}]),
    "header": (150, lambda n: [{"type": "header", "text": plain(n)}]),
    "elements of actions": (25, lambda n: [actions(*[button() for _ in range(n)])]),
    "elements of context": (10, lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}]),
    "elements of context_actions": (
        5,
        lambda n: [{"type": "context_actions", "elements": [{"type": "icon_button"}] * n}],
    ),
    "block_id": (255, lambda n: [section() | {"block_id": "b" * n}]),
    "action_id": (255, lambda n: [actions(button(action_id="a" * n))]),
    "button text": (75, lambda n: [actions(button(text=plain(n)))]),
    "button value": (2000, lambda n: [actions(button(value="v" * n))]),
    "button url": (3000, lambda n: [actions(button(url="u" * n))]),
    "option text": (75, lambda n: [actions({"type": "static_select", "options": [option(n)]})]),
    "option value": (
        150,
        lambda n: [actions({"type": "static_select", "options": [option(1, n)]})],
    ),
    "options of a menu": (100, lambda n: [actions(menu("static_select", n))]),
    "options of several": (100, lambda n: [actions(menu("multi_static_select", n))]),
    "options of an overflow": (5, lambda n: [actions(menu("overflow", n))]),
    "options of radio buttons": (10, lambda n: [actions(menu("radio_buttons", n))]),
    "options of checkboxes": (10, lambda n: [actions(menu("checkboxes", n))]),
    "confirm title": (100, lambda n: [actions(confirm(title=plain(n)))]),
    "confirm text": (300, lambda n: [actions(confirm(text=plain(n)))]),
    "confirm yes": (30, lambda n: [actions(confirm(confirm=plain(n)))]),
    "confirm no": (30, lambda n: [actions(confirm(deny=plain(n)))]),
    "one markdown block": (12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    "markdown of a message": (
        12_000,
        lambda n: [
            {"type": "markdown", "text": "x" * 6000},
            {"type": "markdown", "text": "x" * (n - 6000)},
        ],
    ),
    "rows of a table": (100, lambda n: [table(n, 1)]),
    "columns of a table": (20, lambda n: [table(1, n)]),
    "columns that a table has settings for": (
        20,
        lambda n: [table(1, 1) | {"column_settings": [None] * n}],
    ),
    "characters of a table": (
        10_000,
        lambda n: [table(2, 1) | {"rows": [cells(1, 5000), cells(1, n - 5000)]}],
    ),
    "rows of a data_table": (101, lambda n: [data_table(n, 1)]),
    "columns of a data_table": (20, lambda n: [data_table(2, n)]),
    "page of a data_table": (100, lambda n: [data_table(2, 1, page_size=n)]),
    "characters of a data_table": (
        10_000,
        lambda n: [data_table(2, 1) | {"rows": [cells(1, 5000), cells(1, n - 5000)]}],
    ),
    "charts of a message": (2, lambda n: [chart()] * n),
    "chart title": (50, lambda n: [titled_chart(n)]),
    "chart series": (6, lambda n: [chart(series=series(n))]),
    "chart series name": (20, lambda n: [chart(series=series(1, n))]),
    "chart categories": (20, lambda n: [chart(axis_config={"categories": ["May"] * n})]),
    "chart category": (20, lambda n: [chart(axis_config={"categories": ["x" * n]})]),
    "pie segments": (
        6,
        lambda n: [chart(type="pie", segments=[{"label": "Late", "value": 1}] * n)],
    ),
    "card title": (150, lambda n: [card(title=plain(n))]),
    "card body": (200, lambda n: [card(body=plain(n))]),
    "card actions": (3, lambda n: [card(actions=[button() for _ in range(n)])]),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_at_the_limit_passes_and_one_over_is_refused(name: str) -> None:
    limit, build = MESSAGES[name]
    check_message(build(limit))
    with pytest.raises(SlackError) as refusal:
        check_message(build(limit + 1))
    assert refusal.value.code == "invalid_blocks"
    assert "json-pointer:/blocks" in refusal.value.messages[0]


@pytest.mark.parametrize("second", [table(1, 1), data_table(2, 1)])
def test_a_message_holds_one_table_of_either_kind(second: JsonObject) -> None:
    check_message([second])
    with pytest.raises(SlackError, match="invalid_attachments") as refusal:
        check_message([data_table(2, 1), second])
    assert refusal.value.messages == ("only_one_table_allowed",)


def test_all_blocks_together_hold_thirteen_thousand_characters() -> None:
    most = [section(3000)] * 4 + [section(1000)]
    check_message(most)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message([*most, section(1)])


def modal(**parts: JsonValue) -> JsonObject:
    return {"type": "modal", "title": plain(1), "blocks": [section()], **parts}


VIEWS: dict[str, tuple[int, Callable[[int], JsonObject]]] = {
    "blocks of a view": (100, lambda n: modal(blocks=[{"type": "divider"}] * n)),
    "title": (24, lambda n: modal(title=plain(n))),
    "submit": (24, lambda n: modal(submit=plain(n))),
    "close": (24, lambda n: modal(close=plain(n))),
    "private_metadata": (3000, lambda n: modal(private_metadata="m" * n)),
    "callback_id": (255, lambda n: modal(callback_id="c" * n)),
    "external_id": (255, lambda n: modal(external_id="e" * n)),
    "alert block": (200, lambda n: modal(blocks=[{"type": "alert", "text": plain(n)}])),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_at_the_limit_passes_and_one_over_is_refused(name: str) -> None:
    limit, build = VIEWS[name]
    check_view(build(limit))
    with pytest.raises(SlackError) as refusal:
        check_view(build(limit + 1))
    assert refusal.value.code == "invalid_arguments"
    assert "json-pointer:/view" in refusal.value.messages[0]


def test_a_view_holds_250_kilobytes() -> None:
    sections: list[JsonValue] = [section(2600) for _ in range(94)]
    check_view(modal(blocks=sections))
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(blocks=[*sections, *[section(2600) for _ in range(4)]]))


BROKEN: dict[str, Blocks] = {
    "a type that Slack doesn't know": [{"type": "sparkles"}],
    "no type": [{}],
    "an empty section": [{"type": "section"}],
    "an empty text": [{"type": "section", "text": mrkdwn(0)}],
    "a header in mrkdwn": [{"type": "header", "text": mrkdwn(1)}],
    "a text that is a string": [{"type": "section", "text": "hello"}],
    "a text that is a number": [{"type": "section", "text": {"type": "mrkdwn", "text": 7}}],
    "actions without elements": [{"type": "actions", "elements": []}],
    "a menu without options": [actions(menu("static_select", 0))],
    "two blocks of one name": [section() | {"block_id": "b"}, section() | {"block_id": "b"}],
    "two buttons of one name": [actions(button(action_id="a"), button(action_id="a"))],
    "an unknown style": [actions(button(style="loud"))],
    "an empty cell": [table(1, 1, 0)],
    "a data_table with a header alone": [data_table(1, 1)],
    "a data_table without a caption": [data_table(2, 1, caption="")],
    "a data_table with a short row": [data_table(2, 2) | {"rows": [cells(2), cells(1)]}],
    "a data_table with a mention in its header": [
        data_table(2, 1) | {"rows": [[MENTION], [MENTION]]}
    ],
    "a data_table that is led by no column": [data_table(2, 1, row_header_column_index=1)],
    "a number that is none": [table(1, 1) | {"rows": [[{"type": "raw_number", "value": "7"}]]}],
    "a chart of no kind": [chart(type="radar")],
    "an image that says nothing": [{"type": "image", "image_url": "https://x.test/a.png"}],
    "an alert outside a modal": [{"type": "alert", "text": plain(1)}],
    "a text input among buttons": [actions({"type": "plain_text_input"})],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_slack_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(SlackError) as refusal:
        check_message(BROKEN[name])
    assert refusal.value.code == "invalid_blocks"
    assert refusal.value.messages


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    asks: JsonObject = {
        "type": "input",
        "label": plain(4),
        "element": {"type": "plain_text_input"},
    }
    check_view(modal(blocks=[asks], submit=plain(4)))
    with pytest.raises(SlackError) as refusal:
        check_view(modal(blocks=[asks]))
    assert "submit is required" in refusal.value.messages[0]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "rows", "chart", "options", "element"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
kinds = st.sampled_from(
    ["section", "actions", "context", "input", "table", "data_table", "data_visualization", "card"]
)


def verdict(blocks: Blocks) -> str:
    try:
        check_message(blocks)
    except SlackError as refusal:
        return refusal.code
    return "taken"


@given(st.lists(st.tuples(kinds, st.dictionaries(st.text(max_size=8), anything)), max_size=3))
def test_whatever_comes_is_taken_or_refused_but_never_breaks(
    parts: list[tuple[str, JsonObject]],
) -> None:
    blocks: Blocks = [{**rest, "type": kind} for kind, rest in parts]
    assert verdict(blocks) in {
        "taken",
        "invalid_blocks",
        "invalid_attachments",
        "msg_blocks_too_long",
    }
