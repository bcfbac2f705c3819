"""The workspace as a story: who does what, and what they then see."""

from collections.abc import Callable, Mapping

from pydantic import JsonValue

from bot.workspace import elements
from bot.workspace.elements import Placed
from bot.workspace.errors import Refused
from bot.workspace.gestures import Deed, Gestures
from bot.workspace.json_values import JsonObject, object_at, text_at
from bot.workspace.office import Office
from bot.workspace.sights import Opened, Shown
from bot.workspace.state import Channel, Person

Answer = str | int | list[str] | None


class PersonAtWork:
    """Somebody who types, clicks and reads. Each act raises Refused as Slack would refuse it."""

    def __init__(self, office: Office, gestures: Gestures, person: Person) -> None:
        self._office = office
        self._gestures = gestures
        self._person = person

    @property
    def id(self) -> str:
        return self._person.id

    # -- acts ----------------------------------------------------------------

    async def types(self, channel: str, text: str, *, thread: Shown | None = None) -> Shown | None:
        """A message, or a slash command if it begins with one; gives the message."""
        room = self._room(channel)
        if text.startswith("/"):
            if thread is not None:
                raise Refused(f"{text.partition(' ')[0]} is not supported in threads. Sorry!")
            await self._gestures.commands(self._person, room, text)
            return None
        root = None if thread is None else thread.ts
        return Shown(self._office, self._gestures.says(self._person, room, text, root))

    async def mentions(self, channel: str, text: str, *, thread: Shown | None = None) -> None:
        """Write to the app by name in a channel."""
        app = self._office.manifest.features.bot_user.display_name
        await self.types(channel, f"@{app} {text}", thread=thread)

    async def writes_to_app(self, text: str) -> Shown:
        """A direct message to the app."""
        channel, _ = self._office.open_im(self._person.id)
        return Shown(self._office, self._gestures.says(self._person, channel, text))

    async def clicks(self, where: Shown | Opened, label: str) -> None:
        """Click the button that reads `label` (or has that action_id)."""
        await self._acts(where, _one(where, label, lambda each: each.kind == "button"), None)

    async def chooses(self, where: Shown | Opened, menu: str, choice: Answer) -> None:
        """Pick `choice` (its text or value, or a date) in the menu called `menu`."""
        found = _one(where, menu, lambda each: each.kind not in ("button",))
        await self._acts(where, found, choice)

    async def _acts(self, where: Shown | Opened, found: Placed, choice: Answer) -> None:
        given: JsonObject = {"type": found.kind}
        if found.kind in elements.ANSWER_KEY:
            given[elements.ANSWER_KEY[found.kind]] = _answer(found, choice)
        deed = Deed(found.block_id, found.action_id, given, {})
        if isinstance(where, Opened):
            await self._gestures.acts_on_view(self._person, where.id, deed)
            return
        room = self._room(where.channel)
        await self._gestures.acts_on_message(self._person, room, where.ts, deed)

    async def submits(
        self, view: Opened, answers: Mapping[str, Answer] | None = None
    ) -> dict[str, str]:
        """Fill in inputs by label, block_id or action_id, and submit.

        Gives the errors by block_id; none if the modal was taken.
        """
        values: dict[str, JsonValue] = {}
        for name, answer in (answers or {}).items():
            found = _one(view, name, lambda each: each.kind != "button")
            values[found.block_id] = {
                **object_at(values, found.block_id),
                found.action_id: {
                    "type": found.kind,
                    elements.ANSWER_KEY[found.kind]: _answer(found, answer),
                },
            }
        return await self._gestures.submits(self._person, view.id, values)

    async def closes(self, view: Opened) -> None:
        self._gestures.closes(self._person, view.id)

    async def opens_home(self) -> None:
        """Open the app's home tab; what it publishes is then in `home`."""
        self._gestures.opens_home(self._person)

    # -- what they see -------------------------------------------------------

    def sees(self, channel: str) -> list[Shown]:
        """A channel with what is shown to this person alone, oldest first."""
        room = self._room(channel)
        public = [Shown(self._office, each) for each in self._office.state.timeline(room.id)]
        whispers = [each for each in self.whispers if each.channel == room.id]
        return sorted(public + whispers, key=lambda each: float(each.ts))

    @property
    def whispers(self) -> list[Shown]:
        """What was shown to this person alone, oldest first."""
        known = self._office.state.ephemerals[self._person.id]
        return [Shown(self._office, each) for each in known]

    @property
    def app_messages(self) -> list[Shown]:
        """The conversation with the app."""
        channel, _ = self._office.open_im(self._person.id)
        return [Shown(self._office, each) for each in self._office.state.timeline(channel.id)]

    @property
    def channels(self) -> list[str]:
        """The names of the channels that this person is in."""
        return [
            channel.name
            for channel in self._office.state.channels.values()
            if self._person.id in channel.members and not channel.is_im
        ]

    @property
    def views(self) -> list[Opened]:
        """The open modals, the top one last."""
        stack = self._office.state.modals.get(self._person.id, [])
        return [Opened(self._office, view) for view in stack]

    @property
    def view(self) -> Opened:
        """The modal on top; raises AssertionError if none is open."""
        views = self.views
        if not views:
            raise AssertionError(f"{self._person.name} has no modal open")
        return views[-1]

    @property
    def home(self) -> Opened | None:
        view = self._office.state.homes.get(self._person.id)
        return None if view is None else Opened(self._office, view)

    def told(self) -> str:
        lines = [f"  {each!r}" for each in self.whispers]
        lines += [f"  open: {each!r}" for each in self.views]
        return "\n".join([f"{self._person.name} alone:", *lines]) if lines else ""

    def _room(self, reference: str) -> Channel:
        return self._gestures.channel(self._person, reference)


def _one(where: Shown | Opened, name: str, fits: Callable[[Placed], bool]) -> Placed:
    candidates = [each for each in where.placed() if fits(each)]
    for each in candidates:
        if name in (each.label, each.action_id, each.block_id):
            return each
    known = sorted({each.label or each.action_id for each in candidates})
    raise Refused(f"Nothing here is called {name!r}; there is {known}. It reads:\n{where.says}")


def _answer(found: Placed, answer: Answer) -> JsonValue:
    key = elements.ANSWER_KEY[found.kind]
    if key == "selected_option":
        return _option(found, str(answer))
    if key == "selected_options":
        chosen = answer if isinstance(answer, list) else [str(answer)]
        return [_option(found, each) for each in chosen]
    if isinstance(answer, list):
        return list(answer)
    return answer


def _option(found: Placed, name: str) -> JsonObject:
    options = elements.options(found.element)
    for option in options:
        if name in (text_at(object_at(option, "text"), "text"), text_at(option, "value")):
            return option
    known = [text_at(object_at(option, "text"), "text") for option in options]
    raise Refused(f"{name!r} isn't offered; there is {known}")
