"""Looks through buttons, menus and inputs as Slack does."""

from bot.workspace.complaints import Complaints
from bot.workspace.json_values import JsonObject, object_at, objects_at, text_at

IDENTIFIER = 255  # characters of callback_id, external_id, block_id, action_id
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
URL = 3000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}
MENU_OPTIONS = 100
OPTION_GROUPS = 100
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
PLACEHOLDER = 150
INPUT_TEXT = 3000
IMAGE_ALT = 2000
IMAGE_TITLE = 2000

MENUS = frozenset(
    prefix + kind
    for prefix in ("", "multi_")
    for kind in (
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
    )
)
CHOICES = frozenset(OPTIONS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
WRITTEN = frozenset(
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
)
BUTTONS = frozenset({"button", "icon_button", "feedback_buttons", "workflow_button"})
IN_ACTIONS = MENUS | CHOICES | PICKERS | frozenset({"button", "workflow_button"})
IN_SECTION = IN_ACTIONS | {"image"}
IN_INPUT = MENUS | (CHOICES - {"overflow"}) | PICKERS | WRITTEN | {"file_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})


class ElementInspection:
    def __init__(self, complaints: Complaints) -> None:
        self._complaints = complaints

    def element(self, element: JsonObject, pointer: str, allowed: frozenset[str]) -> None:
        kind = text_at(element, "type")
        if kind not in allowed:
            self._complaints.complain(f"unsupported type: {kind}", pointer + "/type")
            return
        if kind == "image":
            self.image(element, pointer)
            return
        self._complaints.optional_text(element, "action_id", pointer, IDENTIFIER)
        if kind in ("button", "workflow_button"):
            self._button(element, pointer)
        if kind in CHOICES or kind.endswith("static_select"):
            self._options(element, pointer, OPTIONS.get(kind, MENU_OPTIONS))
        if element.get("placeholder") is not None:
            self._complaints.plain_text(element, "placeholder", pointer, PLACEHOLDER)
        if element.get("confirm") is not None:
            self._confirm(object_at(element, "confirm"), pointer + "/confirm")
        self._complaints.optional_text(element, "initial_value", pointer, INPUT_TEXT)

    def _button(self, element: JsonObject, pointer: str) -> None:
        self._complaints.plain_text(element, "text", pointer, BUTTON_TEXT)
        self._complaints.optional_text(element, "value", pointer, BUTTON_VALUE)
        self._complaints.optional_text(element, "url", pointer, URL)
        if element.get("style") not in (None, "primary", "danger"):
            self._complaints.complain("must be one of primary, danger", pointer + "/style")

    def _options(self, element: JsonObject, pointer: str, most: int) -> None:
        groups = objects_at(element, "option_groups")
        if groups:
            if len(groups) > OPTION_GROUPS:
                where = pointer + "/option_groups"
                self._complaints.complain(f"no more than {OPTION_GROUPS} items allowed", where)
            for position, group in enumerate(groups):
                where = f"{pointer}/option_groups/{position}"
                self._complaints.plain_text(group, "label", where, OPTION_TEXT)
                self._option_list(objects_at(group, "options"), where, most)
        else:
            self._option_list(objects_at(element, "options"), pointer, most)

    def _option_list(self, options: list[JsonObject], pointer: str, most: int) -> None:
        if not options:
            self._complaints.complain("no fewer than 1 items allowed", pointer + "/options")
        if len(options) > most:
            self._complaints.complain(f"no more than {most} items allowed", pointer + "/options")
        for position, option in enumerate(options):
            where = f"{pointer}/options/{position}"
            self._complaints.any_text(option, "text", where, OPTION_TEXT)
            self._complaints.raw_text(option, "value", where, OPTION_VALUE)
            if option.get("description") is not None:
                self._complaints.any_text(option, "description", where, OPTION_TEXT)

    def _confirm(self, confirm: JsonObject, pointer: str) -> None:
        self._complaints.plain_text(confirm, "title", pointer, CONFIRM["title"])
        self._complaints.any_text(confirm, "text", pointer, CONFIRM["text"])
        for key in ("confirm", "deny"):
            if confirm.get(key) is not None:
                self._complaints.plain_text(confirm, key, pointer, CONFIRM[key])

    def image(self, block: JsonObject, pointer: str) -> None:
        if block.get("image_url") is None and block.get("slack_file") is None:
            self._complaints.complain("missing required field", pointer + "/image_url")
        self._complaints.optional_text(block, "image_url", pointer, URL)
        self._complaints.raw_text(block, "alt_text", pointer, IMAGE_ALT)
        if block.get("title") is not None:
            self._complaints.plain_text(block, "title", pointer, IMAGE_TITLE)
