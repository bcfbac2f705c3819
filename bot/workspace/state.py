"""Everything a workspace holds, in memory: people, channels, messages, files, views."""

import base64
import mimetypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field

from bot.workspace.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    real_name: str
    title: str
    team_id: str
    tz: str
    is_external: bool
    is_bot: bool


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_im: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `thread_ts` is the root's ts on replies only."""

    channel: str
    ts: str
    user: str
    text: str
    from_app: bool = False
    blocks: tuple[JsonObject, ...] = ()
    attachments: tuple[JsonObject, ...] = ()
    files: tuple[str, ...] = ()
    metadata: JsonObject | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    edited: JsonObject | None = None
    deleted: bool = False  # a root that went while its replies stayed
    ephemeral_for: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: str
    name: str
    title: str
    user: str
    created: int  # seconds since 1970
    content_base64: str
    channels: tuple[str, ...] = ()

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.content_base64)

    @property
    def size(self) -> int:
        return len(self.content_base64) // 4 * 3 - self.content_base64[-2:].count("=")

    @property
    def mime_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def file_type(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else "text"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: announced, then with its bytes, and a file once it is completed."""

    file_id: str
    secret: str  # of its upload URL
    name: str
    length: int
    content_base64: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a home tab as one person has it; `body` is what the app sent, ids filled in."""

    id: str
    person: str
    body: JsonObject
    hash: str
    root_id: str
    previous_id: str | None = None
    values: JsonObject = field(default_factory=dict)  # block_id -> action_id -> value

    @property
    def is_modal(self) -> bool:
        return self.body.get("type") == "modal"


@dataclass(frozen=True, slots=True)
class MessagePut:
    message: Message
    kind: Literal["message"] = "message"


@dataclass(frozen=True, slots=True)
class MessageGone:
    channel: str
    ts: str
    kind: Literal["message_gone"] = "message_gone"


@dataclass(frozen=True, slots=True)
class ChannelPut:
    channel: Channel
    kind: Literal["channel"] = "channel"


@dataclass(frozen=True, slots=True)
class ChannelRenumbered:
    """A private channel's id changes when it becomes shared."""

    old_id: str
    channel: Channel
    kind: Literal["channel_renumbered"] = "channel_renumbered"


@dataclass(frozen=True, slots=True)
class UploadPut:
    upload: Upload
    kind: Literal["upload"] = "upload"


@dataclass(frozen=True, slots=True)
class FilePut:
    file: StoredFile
    kind: Literal["file"] = "file"


@dataclass(frozen=True, slots=True)
class HomePut:
    view: View
    kind: Literal["home"] = "home"


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    kind: Literal["token_revoked"] = "token_revoked"


Entry = Annotated[
    MessagePut
    | MessageGone
    | ChannelPut
    | ChannelRenumbered
    | UploadPut
    | FilePut
    | HomePut
    | TokenRevoked,
    Field(discriminator="kind"),
]


class State:
    """What is. Changed by entries alone, so that replaying the entries gives the same state."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.uploads: dict[str, Upload] = {}  # by the file's id
        self.files: dict[str, StoredFile] = {}
        self.homes: dict[str, View] = {}
        self.modals: dict[str, list[View]] = defaultdict(list)  # person -> stack, top last
        self.ephemerals: dict[str, list[Message]] = defaultdict(list)  # person -> oldest first
        self.token_revoked = False
        self._messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self._replies: dict[tuple[str, str], list[str]] = defaultdict(list)

    def apply(self, entry: Entry) -> None:
        match entry:
            case MessagePut(message):
                self._put(message)
            case MessageGone(channel, ts):
                gone = self._messages[channel].pop(ts, None)
                if gone is not None and gone.thread_ts is not None:
                    self._replies[channel, gone.thread_ts].remove(ts)
            case ChannelPut(channel):
                self.channels[channel.id] = channel
            case ChannelRenumbered(old_id, channel):
                self._renumber(old_id, channel)
            case UploadPut(upload):
                self.uploads[upload.file_id] = upload
            case FilePut(file):
                self.uploads.pop(file.id, None)
                self.files[file.id] = file
            case HomePut(view):
                self.homes[view.person] = view
            case TokenRevoked():
                self.token_revoked = True

    def _put(self, message: Message) -> None:
        known = message.ts in self._messages[message.channel]
        self._messages[message.channel][message.ts] = message
        if message.thread_ts is not None and not known:
            self._replies[message.channel, message.thread_ts].append(message.ts)

    def _renumber(self, old_id: str, channel: Channel) -> None:
        self.channels.pop(old_id, None)
        self.channels[channel.id] = channel
        moved = self._messages.pop(old_id, {})
        self._messages[channel.id] = {
            ts: replace(message, channel=channel.id) for ts, message in moved.items()
        }
        self.files = {
            each: replace(
                file,
                channels=tuple(channel.id if one == old_id else one for one in file.channels),
            )
            for each, file in self.files.items()
        }
        for old_key in [key for key in self._replies if key[0] == old_id]:
            self._replies[channel.id, old_key[1]] = self._replies.pop(old_key)

    def message(self, channel: str, ts: str) -> Message | None:
        return self._messages[channel].get(ts)

    def timeline(self, channel: str) -> Iterator[Message]:
        """What the channel itself shows, oldest first: roots and broadcast replies."""
        for message in self._messages[channel].values():
            if message.thread_ts is None or message.reply_broadcast:
                yield message

    def newest(self, channel: str) -> Iterator[Message]:
        """The channel's own messages, newest first."""
        for message in reversed(self._messages[channel].values()):
            if message.thread_ts is None or message.reply_broadcast:
                yield message

    def replies(self, channel: str, root_ts: str) -> list[Message]:
        """A thread's replies, oldest first."""
        return [self._messages[channel][ts] for ts in self._replies.get((channel, root_ts), ())]

    def last_ts(self) -> str | None:
        stamps = [next(reversed(messages)) for messages in self._messages.values() if messages]
        return max(stamps, key=float, default=None)

    def view(self, view_id: str) -> View | None:
        for stack in self.modals.values():
            for view in stack:
                if view.id == view_id:
                    return view
        return next((home for home in self.homes.values() if home.id == view_id), None)

    def ephemeral(self, person: str, ts: str) -> Message | None:
        return next((m for m in self.ephemerals[person] if m.ts == ts), None)
