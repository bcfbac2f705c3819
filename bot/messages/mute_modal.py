"""The form behind `/tallyman mute`. A view for views.open, as JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.messages import text
from bot.messages.blocks import (
    OPTION_TEXT,
    OPTIONS,
    PLACEHOLDER,
    TITLE_TEXT,
    Block,
    Message,
    context,
    input_block,
    option,
    optional_input,
    plain_text,
    section,
)
from bot.messages.kinds import words_of
from bot.messages.mutes import NAME, REASON
from storage.vocabulary import CaseKind

MUTE_CALLBACK = "mute_submitted"
MUTE_PARTNER_BLOCK = "mute_partner"
MUTE_PARTNER_ACTION = "mute_partner_chosen"
MUTE_KIND_BLOCK = "mute_kind"
MUTE_KIND_ACTION = "mute_kind_chosen"
MUTE_LANE_BLOCK = "mute_lane"
MUTE_LANE_ACTION = "mute_lane_given"
MUTE_NUMBER_BLOCK = "mute_number"
MUTE_NUMBER_ACTION = "mute_number_given"
MUTE_DATE_BLOCK = "mute_date"
MUTE_DATE_ACTION = "mute_date_chosen"
MUTE_TIME_BLOCK = "mute_time"
MUTE_TIME_ACTION = "mute_time_chosen"
MUTE_REASON_BLOCK = "mute_reason"
MUTE_REASON_ACTION = "mute_reason_given"

ERROR = 150  # characters shown under an input
_TITLE = "Mute"
_LINE = 200  # characters that may be typed into a line


def mute_modal(
    partners: Mapping[str, str],
    here: str | None,
    kinds: Sequence[CaseKind],
    tomorrow: datetime,
    metadata: str,
) -> Block:
    """`partners`: names by key, of those to choose from; `here`: the name of the partner whose
    channel it is, which then goes without saying. `tomorrow` is local."""
    if here is not None:
        which: Block = section(f"Of *{text.safe(here, NAME)}*, in whose channel this is.")
    else:
        offered = [option(name, key) for key, name in sorted(partners.items(), key=_by_name)]
        which = optional_input(
            MUTE_PARTNER_BLOCK, "Partner", _menu("All partners", MUTE_PARTNER_ACTION, offered)
        )
    named = sorted((words_of(kind).name, kind.value) for kind in kinds)
    where = "the partner" if here is None else text.plain(here)
    blocks = [
        section("*What is not to be said for a while?* Everything that you give must hold."),
        which,
        optional_input(
            MUTE_KIND_BLOCK,
            "Kind",
            _menu("All kinds", MUTE_KIND_ACTION, [option(*each) for each in named]),
        ),
        optional_input(MUTE_LANE_BLOCK, "Lane", _line(MUTE_LANE_ACTION, "Hamburg → Lagos")),
        optional_input(
            MUTE_NUMBER_BLOCK, "One shipment", _line(MUTE_NUMBER_ACTION, "Its number, or its order")
        ),
        input_block(
            MUTE_DATE_BLOCK,
            "Until",
            {
                "type": "datepicker",
                "action_id": MUTE_DATE_ACTION,
                "initial_date": f"{tomorrow:%Y-%m-%d}",
            },
        ),
        input_block(
            MUTE_TIME_BLOCK,
            f"At, where {where} is",
            {
                "type": "timepicker",
                "action_id": MUTE_TIME_ACTION,
                "initial_time": f"{tomorrow:%H:%M}",
            },
        ),
        input_block(
            MUTE_REASON_BLOCK,
            "Why?",
            {**_line(MUTE_REASON_ACTION, "Everybody in the channel reads it"), "multiline": True}
            | {"max_length": REASON},
        ),
        context(
            "The channel is told that it is muted, why and by whom. What comes up is noted; when "
            "the mute ends, the channel is told what it held back."
        ),
    ]
    return {
        "type": "modal",
        "callback_id": MUTE_CALLBACK,
        "title": plain_text(_TITLE, TITLE_TEXT),
        "submit": plain_text("Mute", TITLE_TEXT),
        "close": plain_text("Cancel", TITLE_TEXT),
        "private_metadata": metadata,
        "blocks": [block for block in blocks if block is not None],
    }


def one_moment() -> Block:
    """Until it is known who asks, and after it was filled in."""
    return _closing([section("One moment…")])


def answered(said: Message) -> Block:
    """In the place of the form: what came of it, or why there is none."""
    return _closing(said.blocks)


def _closing(blocks: Sequence[Block]) -> Block:
    return {
        "type": "modal",
        "title": plain_text(_TITLE, TITLE_TEXT),
        "close": plain_text("Close", TITLE_TEXT),
        "blocks": list(blocks),
    }


def fault(typed: str, why: str, nearest: Sequence[str]) -> str:
    """Under an input, where nothing is marked up."""
    quoted = f"“{text.plain(typed)}” " if typed else ""
    meant = f" Did you mean {', '.join(map(text.plain, nearest))}?" if nearest else ""
    return text.cut(f"{quoted}{why}{meant}".replace("`", ""), ERROR)


def _by_name(partner: tuple[str, str]) -> str:
    return partner[1].casefold()


def _menu(all_of_them: str, action_id: str, options: Sequence[Block]) -> Block:
    """Slack shows so many options of a menu, or as many groups of them."""
    menu: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain_text(all_of_them, PLACEHOLDER),
    }
    if len(options) <= OPTIONS:
        return {**menu, "options": list(options)}
    starts = range(0, len(options), OPTIONS)
    return {**menu, "option_groups": [_group(options[at : at + OPTIONS]) for at in starts]}


def _group(options: Sequence[Block]) -> Block:
    first, last = options[0]["text"]["text"], options[-1]["text"]["text"]
    label = f"{text.cut(first, OPTION_TEXT // 2 - 2)} – {text.cut(last, OPTION_TEXT // 2 - 2)}"
    return {"label": plain_text(label, OPTION_TEXT), "options": list(options)}


def _line(action_id: str, placeholder: str) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": action_id,
        "max_length": _LINE,
        "placeholder": plain_text(placeholder, PLACEHOLDER),
    }
