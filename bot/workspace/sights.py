"""What people see: messages, modals, channels, always as they are at this moment."""

from pydantic import JsonValue

from bot.workspace import elements
from bot.workspace.element_inspection import MENUS
from bot.workspace.elements import Placed
from bot.workspace.json_values import JsonObject, as_objects, object_at, objects_at, text_at
from bot.workspace.office import Office
from bot.workspace.state import Message, StoredFile, View


class ShownFile:
    """A file that hangs on a message."""

    def __init__(self, file: StoredFile) -> None:
        self._file = file

    @property
    def id(self) -> str:
        return self._file.id

    @property
    def name(self) -> str:
        return self._file.name

    @property
    def title(self) -> str:
        return self._file.title

    @property
    def data(self) -> bytes:
        return self._file.content

    @property
    def content(self) -> str:
        """What is written in it; raises UnicodeDecodeError if it is no text."""
        return self._file.content.decode()

    def __repr__(self) -> str:
        return f"<{self.name} {self._file.size} bytes>"


class Shown:
    """A message as it is at this moment, wherever it was when it was found."""

    def __init__(self, office: Office, message: Message) -> None:
        self._office = office
        self._found = message

    @property
    def _now(self) -> Message:
        found = self._found
        if found.ephemeral_for is not None:
            return self._office.state.ephemeral(found.ephemeral_for, found.ts) or found
        return self._office.state.message(found.channel, found.ts) or found

    @property
    def is_gone(self) -> bool:
        found = self._found
        if found.ephemeral_for is not None:
            return self._office.state.ephemeral(found.ephemeral_for, found.ts) is None
        known = self._office.state.message(found.channel, found.ts)
        return known is None or known.deleted

    @property
    def ts(self) -> str:
        return self._found.ts

    @property
    def channel(self) -> str:
        """The channel's id."""
        return self._found.channel

    @property
    def user(self) -> str:
        return self._now.user

    @property
    def from_app(self) -> bool:
        return self._now.from_app

    @property
    def text(self) -> str:
        """What a notification shows."""
        return self._now.text

    @property
    def blocks(self) -> tuple[JsonObject, ...]:
        return self._now.blocks

    @property
    def metadata(self) -> JsonObject | None:
        return self._now.metadata

    @property
    def thread_ts(self) -> str | None:
        return self._now.thread_ts

    @property
    def is_edited(self) -> bool:
        return self._now.edited is not None

    @property
    def is_ephemeral(self) -> bool:
        return self._found.ephemeral_for is not None

    @property
    def thread(self) -> "list[Shown]":
        """Its replies, oldest first."""
        replies = self._office.state.replies(self._found.channel, self._found.ts)
        return [Shown(self._office, reply) for reply in replies]

    @property
    def files(self) -> list[ShownFile]:
        """What hangs on it."""
        return [ShownFile(self._office.state.files[each]) for each in self._now.files]

    @property
    def says(self) -> str:
        """Everything that can be read in it: blocks if it has some, else its text."""
        blocks = list(self._now.blocks)
        for attachment in self._now.attachments:
            blocks += objects_at(attachment, "blocks") or [attachment]
        return "\n".join(_texts(list(blocks))) if blocks else self._now.text

    @property
    def buttons(self) -> list[str]:
        return [each.label for each in self.placed() if each.kind == "button"]

    @property
    def menus(self) -> dict[str, list[str]]:
        """What each menu offers, by what stands on the menu."""
        return {
            each.label: [
                text_at(object_at(option, "text"), "text")
                for option in elements.options(each.element)
            ]
            for each in self.placed()
            if each.kind in MENUS
        }

    @property
    def table(self) -> list[list[str]]:
        """The cells of its table, row by row, the header first; none if it has no table."""
        for block in self._now.blocks:
            rows = block.get("rows")
            if block.get("type") in ("table", "data_table") and isinstance(rows, list):
                return [[_cell_text(cell) for cell in as_objects(row)] for row in rows]
        return []

    def placed(self) -> list[Placed]:
        """What can be acted on, in reading order."""
        blocks = list(self._now.blocks)
        for attachment in self._now.attachments:
            blocks += objects_at(attachment, "blocks")
        return list(elements.placed(blocks))

    def __repr__(self) -> str:
        files = "".join(f" {each!r}" for each in self.files)
        return f"<{self.ts} {self.says!r}{files}>"


class Opened:
    """A modal or home tab as it is at this moment."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._found = view

    @property
    def _now(self) -> View:
        return self._office.state.view(self._found.id) or self._found

    @property
    def id(self) -> str:
        return self._found.id

    @property
    def is_open(self) -> bool:
        return self._office.state.view(self._found.id) is not None

    @property
    def title(self) -> str:
        return text_at(object_at(self._now.body, "title"), "text")

    @property
    def callback_id(self) -> str:
        return text_at(self._now.body, "callback_id")

    @property
    def private_metadata(self) -> str:
        return text_at(self._now.body, "private_metadata")

    @property
    def blocks(self) -> list[JsonObject]:
        return objects_at(self._now.body, "blocks")

    @property
    def says(self) -> str:
        return "\n".join(_texts(list(self.blocks)))

    @property
    def inputs(self) -> list[str]:
        """The labels of what can be filled in."""
        return [each.label for each in self.placed() if each.block.get("type") == "input"]

    @property
    def buttons(self) -> list[str]:
        return [each.label for each in self.placed() if each.kind == "button"]

    def placed(self) -> list[Placed]:
        """What can be acted on, in reading order."""
        return list(elements.placed(self.blocks))

    def __repr__(self) -> str:
        return f"<{self.title} {self.says!r}>"


class Room:
    """A channel as everybody in it sees it."""

    def __init__(self, office: Office, channel_id: str) -> None:
        self._office = office
        self.id = channel_id

    @property
    def messages(self) -> list[Shown]:
        """Oldest first, without thread replies unless they were sent to the channel too."""
        return [Shown(self._office, each) for each in self._office.state.timeline(self.id)]

    @property
    def last(self) -> Shown:
        """The newest message; raises AssertionError in an empty channel."""
        messages = self.messages
        if not messages:
            raise AssertionError(f"nothing in this channel yet:\n{self.told()}")
        return messages[-1]

    def saying(self, words: str) -> list[Shown]:
        """The messages in which `words` can be read."""
        return [message for message in self.messages if words in message.says]

    def told(self) -> str:
        channel = self._office.state.channels[self.id]
        lines = [f"#{channel.name}" if channel.name else f"direct messages {self.id}"]
        for message in self.messages:
            lines.append(f"  {message!r}")
            lines += [f"    ↳ {reply!r}" for reply in message.thread]
        return "\n".join(lines) if len(lines) > 1 else ""


def _cell_text(cell: JsonObject) -> str:
    """What is written in a cell; a person as Slack writes a mention of them."""
    if cell.get("type") == "user":
        return f"<@{text_at(cell, 'user_id')}>"
    inner = "".join(_cell_text(each) for each in objects_at(cell, "elements"))
    return text_at(cell, "text") or inner or str(cell.get("value", ""))


def _texts(value: JsonValue) -> list[str]:
    """Every text in blocks, in reading order."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        texts: list[str] = []
        for key, item in value.items():
            if isinstance(item, str):
                if key in ("text", "alt_text", "title", "caption", "name", "label"):
                    texts.append(item)
            else:
                texts += _texts(item)
        return texts
    return []
