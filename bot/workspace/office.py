"""The workspace's shared parts, and the ways in which what it holds may change."""

import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.workspace import shapes
from bot.workspace.changes import Change, Changes
from bot.workspace.errors import SlackError
from bot.workspace.faults import Faults
from bot.workspace.journal import Journal
from bot.workspace.json_values import JsonObject, text_at
from bot.workspace.limits import check_message
from bot.workspace.manifest import Manifest
from bot.workspace.pace import Pace
from bot.workspace.responses import Responses
from bot.workspace.setup import WorkspaceSetup
from bot.workspace.state import (
    Channel,
    ChannelPut,
    ChannelRenumbered,
    Entry,
    FilePut,
    HomePut,
    Message,
    MessageGone,
    MessagePut,
    Person,
    State,
    StoredFile,
    TokenRevoked,
    Upload,
    UploadPut,
    View,
)
from bot.workspace.triggers import Triggers

MODAL_STACK = 3
TS_STEP_MICROSECONDS = 100


class Office:
    """Every change is in the journal before anyone hears of it."""

    def __init__(
        self,
        setup: WorkspaceSetup,
        *,
        state_dir: Path | None,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.setup = setup
        self.manifest = Manifest.read(setup.manifest)
        self.clock = clock
        self.monotonic = monotonic
        self.state = State()
        self.faults = Faults(monotonic)
        self.pace = Pace(setup.pace, monotonic)
        self.triggers = Triggers(monotonic, setup.trigger_seconds)
        self.responses = Responses(monotonic)
        self.changes = Changes()
        self.calls: Counter[str] = Counter()  # Web API calls that came in, by method
        self.page_sockets: set[web.WebSocketResponse] = set()
        self.url = ""  # set when the server listens
        self._journal = Journal(state_dir)
        self._last_ts = 0  # microseconds since 1970
        self._furnish()

    def _furnish(self) -> None:
        setup = self.setup
        self.state.people = {
            person.id: Person(
                id=person.id,
                name=person.name,
                real_name=person.real_name,
                title=person.title,
                team_id=person.team_id or setup.team.id,
                tz=person.tz,
                is_external=setup.is_external(person),
                is_bot=False,
            )
            for person in setup.people
        }
        bot_name = self.manifest.features.bot_user.display_name
        self.state.people[setup.bot_user_id] = Person(
            id=setup.bot_user_id,
            name=bot_name.lower(),
            real_name=bot_name,
            title="",
            team_id=setup.team.id,
            tz="Etc/UTC",
            is_external=False,
            is_bot=True,
        )
        for channel in setup.channels:
            members = channel.members + ((setup.bot_user_id,) if channel.with_app else ())
            self.state.channels[channel.id] = Channel(
                id=channel.id,
                name=channel.name,
                members=members,
                is_private=channel.is_private,
                is_ext_shared=channel.is_ext_shared,
                is_archived=channel.is_archived,
                topic=channel.topic,
            )

    def open(self) -> None:
        """Take up where the journal ends; raises JournalDamaged, JournalInUse or OSError."""
        for entry in self._journal.open():
            self.state.apply(entry)
        last = self.state.last_ts()
        self._last_ts = 0 if last is None else _microseconds(last)

    def close(self) -> None:
        self._journal.close()

    def _record(self, entry: Entry) -> None:
        self._journal.append(entry)
        self.state.apply(entry)

    def next_ts(self) -> str:
        """A new ts, after every earlier one even if the clock stands still or goes back."""
        now = int(self.clock().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + TS_STEP_MICROSECONDS)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # -- messages ------------------------------------------------------------

    def check_blocks(self, blocks: list[JsonObject]) -> None:
        """Raises what Slack would for these blocks in a message."""
        refused = self.setup.refused_blocks | self.faults.refused_blocks
        for position, block in enumerate(blocks):
            kind = text_at(block, "type")
            if kind in refused:
                where = f"[json-pointer:/blocks/{position}/type]"
                raise SlackError("invalid_blocks", [f"[ERROR] unsupported type: {kind} {where}"])
        check_message(blocks)

    def post(self, message: Message) -> None:
        self._record(MessagePut(message))
        self.faults.note_post(message.channel, message.ts)
        self._tell_message("message", message)
        self._tell_root(message)

    def edit(self, message: Message) -> None:
        self._record(MessagePut(message))
        self._tell_message("message_changed", message)

    def delete(self, message: Message) -> None:
        """A root with replies leaves a tombstone, anything else goes without a trace."""
        if self.state.replies(message.channel, message.ts):
            message = replace(
                message,
                deleted=True,
                text="This message was deleted.",
                blocks=(),
                attachments=(),
                files=(),
                metadata=None,
            )
            self._record(MessagePut(message))
        else:
            self._record(MessageGone(message.channel, message.ts))
        self._tell_message("message_deleted", message)
        self._tell_root(message)

    def whisper(self, person: str, message: Message) -> None:
        """Show `message` to one person alone; not kept in the journal, as Slack forgets it too."""
        known = self.state.ephemerals[person]
        known[:] = [each for each in known if each.ts != message.ts] + [message]
        known.sort(key=lambda each: float(each.ts))
        self._tell_ephemeral(person, message)

    def hush(self, person: str, message: Message) -> None:
        """Take back what one person alone was shown."""
        known = self.state.ephemerals[person]
        known[:] = [each for each in known if each.ts != message.ts]
        body: JsonObject = {
            "type": "message_deleted",
            "channel": message.channel,
            "message": shapes.page_message(self.state, message),
        }
        self.changes.tell(Change(body, person=person))

    def _tell_message(self, kind: str, message: Message) -> None:
        body: JsonObject = {
            "type": kind,
            "channel": message.channel,
            "message": shapes.page_message(self.state, message),
        }
        self.changes.tell(Change(body, channel=message.channel))

    def _tell_root(self, reply: Message) -> None:
        if reply.thread_ts is not None:
            root = self.state.message(reply.channel, reply.thread_ts)
            if root is not None:
                self._tell_message("message_changed", root)

    def _tell_ephemeral(self, person: str, message: Message) -> None:
        body: JsonObject = {
            "type": "ephemeral",
            "channel": message.channel,
            "message": shapes.page_message(self.state, message),
        }
        self.changes.tell(Change(body, person=person))

    # -- channels ------------------------------------------------------------

    def put_channel(self, channel: Channel) -> None:
        self._record(ChannelPut(channel))
        self._tell_channel(channel)

    def renumber_channel(self, channel: Channel, new_id: str, *, is_ext_shared: bool) -> Channel:
        renumbered = replace(channel, id=new_id, is_ext_shared=is_ext_shared)
        self._record(ChannelRenumbered(channel.id, renumbered))
        self._tell_channel(renumbered)
        return renumbered

    def _tell_channel(self, channel: Channel) -> None:
        body: JsonObject = {
            "type": "channel",
            "channel": shapes.page_channel(self.state, channel),
        }
        self.changes.tell(Change(body, channel=channel.id))

    def open_im(self, person: str) -> tuple[Channel, bool]:
        """The conversation between a person and the app, and whether it was there already."""
        im_id = "D" + person[1:]
        known = self.state.channels.get(im_id)
        if known is not None:
            return known, True
        channel = Channel(id=im_id, name="", members=(person, self.setup.bot_user_id), is_im=True)
        self.put_channel(channel)
        return channel, False

    def channel(self, reference: str) -> Channel:
        """By id or, as chat.postMessage takes it, by #name; raises channel_not_found."""
        known = self.state.channels.get(reference)
        if known is not None:
            return known
        name = reference.removeprefix("#")
        for channel in self.state.channels.values():
            if channel.name and channel.name == name:
                return channel
        raise SlackError("channel_not_found")

    def app_is_in(self, channel: Channel) -> bool:
        return self.setup.bot_user_id in channel.members

    # -- files, views, the token ---------------------------------------------

    def put_upload(self, upload: Upload) -> None:
        self._record(UploadPut(upload))

    def put_file(self, file: StoredFile) -> None:
        self._record(FilePut(file))

    def publish_home(self, view: View) -> None:
        self._record(HomePut(view))
        self.changes.tell(
            Change({"type": "home", "view": shapes.view(self, view)}, person=view.person)
        )

    def tell_view(self, kind: str, view: View) -> None:
        self.changes.tell(
            Change({"type": kind, "view": shapes.view(self, view)}, person=view.person)
        )

    def open_modal(self, view: View) -> None:
        self.state.modals[view.person] = [view]
        self.tell_view("view_opened", view)

    def push_modal(self, view: View) -> None:
        """Raises push_limit_reached for a fourth modal on top of three."""
        stack = self.state.modals[view.person]
        if len(stack) >= MODAL_STACK:
            raise SlackError("push_limit_reached")
        stack.append(view)
        self.tell_view("view_pushed", view)

    def replace_modal(self, view: View) -> None:
        stack = self.state.modals[view.person]
        stack[:] = [view if each.id == view.id else each for each in stack]
        self.tell_view("view_updated", view)

    def close_modal(self, view: View) -> None:
        stack = self.state.modals[view.person]
        stack[:] = [each for each in stack if each.id != view.id]
        self._tell_closed(view)

    def close_modals(self, person: str) -> list[View]:
        """Close the whole stack; gives what was open, top first."""
        closed = self.state.modals.pop(person, [])[::-1]
        for view in closed:
            self._tell_closed(view)
        return closed

    def _tell_closed(self, view: View) -> None:
        self.changes.tell(Change({"type": "view_closed", "view_id": view.id}, person=view.person))

    def revoke_token(self) -> None:
        self._record(TokenRevoked())


def new_id(prefix: str) -> str:
    return prefix + secrets.token_hex(5).upper()


def _microseconds(ts: str) -> int:
    seconds, _, fraction = ts.partition(".")
    return int(seconds) * 1_000_000 + int(fraction)
