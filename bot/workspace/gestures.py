"""What people do in Slack: write, type commands, click, fill in modals, open the app's home."""

import html
import re
from dataclasses import dataclass, replace

from bot.workspace import elements, limits, payloads
from bot.workspace.answers import Answers
from bot.workspace.dispatch import Dispatch
from bot.workspace.errors import Refused, SlackError
from bot.workspace.json_values import JsonObject, object_at, objects_at, text_at
from bot.workspace.office import Office
from bot.workspace.socket_mode import NotAcknowledged, NotConnected
from bot.workspace.state import Channel, Message, Person, View
from bot.workspace.web_api.views import new_view, revised

SILENT_APP = "This app isn't responding right now. (operation_timeout)"
ABSENT_APP = "This app isn't listening right now. (dispatch_failed)"
MODAL_TROUBLE = "We had some trouble connecting. Try again? (operation_timeout)"


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did to one element; `values` is what else they filled in around it."""

    block_id: str
    action_id: str
    action: JsonObject
    values: JsonObject


class Gestures:
    """Each raises Refused, with what Slack would show, when it can't be done."""

    def __init__(self, office: Office, dispatch: Dispatch, answers: Answers) -> None:
        self._office = office
        self._dispatch = dispatch
        self._answers = answers

    def person(self, reference: str) -> Person:
        """By id or name; the app's own bot is nobody."""
        for person in self._office.state.people.values():
            if reference in (person.id, person.name) and not person.is_bot:
                return person
        raise Refused(f"Nobody here is called {reference}.")

    def channel(self, person: Person, reference: str) -> Channel:
        """A channel that the person is in; others don't exist for them."""
        try:
            channel = self._office.channel(reference)
        except SlackError:
            channel = None
        if channel is None or person.id not in channel.members:
            raise Refused(f"There is no channel {reference} here.")
        return channel

    # -- writing -------------------------------------------------------------

    def says(
        self, person: Person, channel: Channel, text: str, thread_ts: str | None = None
    ) -> Message:
        office = self._office
        if not text.strip():
            raise Refused("There is nothing to send.")
        if channel.is_archived:
            raise Refused("This channel is archived.")
        if thread_ts is not None:
            root = office.state.message(channel.id, thread_ts)
            if root is None or root.thread_ts is not None:
                raise Refused("That message isn't there any more.")
        message = Message(
            channel=channel.id,
            ts=office.next_ts(),
            user=person.id,
            text=self._with_mentions(html.escape(text, quote=False)),
            thread_ts=thread_ts,
        )
        office.post(message)
        self._announce_message(channel, message)
        return message

    def _with_mentions(self, text: str) -> str:
        names = {
            name.lower(): person.id
            for person in self._office.state.people.values()
            for name in (person.name, person.real_name)
        }

        def mention(match: re.Match[str]) -> str:
            known = names.get(match[1].lower().rstrip("."))
            return match[0] if known is None else f"<@{known}>"

        return re.sub(r"(?<![\w@])@([\w.-]+)", mention, text)

    def _announce_message(self, channel: Channel, message: Message) -> None:
        office = self._office
        bot = office.setup.bot_user_id
        if not office.app_is_in(channel):
            return
        if channel.is_im:
            if "message.im" in office.manifest.events:
                event = payloads.direct_message(office, message)
                self._dispatch.announce(payloads.event_callback(office, event, channel))
        elif f"<@{bot}>" in message.text and "app_mention" in office.manifest.events:
            event = payloads.mention(office, message)
            self._dispatch.announce(payloads.event_callback(office, event, channel))

    # -- commands ------------------------------------------------------------

    async def commands(self, person: Person, channel: Channel, line: str) -> None:
        office = self._office
        name, _, text = line.strip().partition(" ")
        known = {command.command for command in office.manifest.commands}
        if name not in known:
            raise Refused(
                f"{name} is not a valid command. In Slack, all messages that start with "
                'the "/" character are interpreted as commands.'
            )
        if person.is_external:
            raise Refused(
                f"{name} is not a valid command here: an app's slash commands are not shared "
                "with people from other companies."
            )
        response_url = office.responses.issue(person.id, channel.id, None, None)
        payload = payloads.command(
            office,
            name=name,
            text=text.strip(),
            person=person,
            channel=channel,
            trigger_id=office.triggers.issue(person.id),
            response_url=office.url + response_url,
        )
        try:
            answer = await self._dispatch.ask("slash_commands", payload)
        except NotConnected:
            raise Refused(f'{name} failed with the error "dispatch_failed"') from None
        except NotAcknowledged:
            raise Refused(f'{name} failed with the error "operation_timeout"') from None
        if answer:
            response = office.responses.use(response_url.rpartition("/")[2])
            try:
                self._answers.show(response, answer)
            except SlackError as error:
                raise Refused(f'{name} failed with the error "{error.code}"') from None

    # -- clicks --------------------------------------------------------------

    async def acts_on_message(
        self,
        person: Person,
        channel: Channel,
        ts: str,
        deed: Deed,
    ) -> None:
        office = self._office
        message = office.state.ephemeral(person.id, ts) or office.state.message(channel.id, ts)
        if message is None or message.channel != channel.id or message.deleted:
            raise Refused("That message isn't there any more.")
        if not message.from_app:
            raise Refused("There is nothing to click in that message.")
        blocks = [
            *message.blocks,
            *(block for each in message.attachments for block in objects_at(each, "blocks")),
        ]
        found = elements.find(blocks, deed.block_id, deed.action_id)
        payload = payloads.message_action(
            office,
            person=person,
            channel=channel,
            message=message,
            action=elements.action(found, deed.action, office.next_ts()),
            values=elements.values(blocks, deed.values),
            trigger_id=office.triggers.issue(person.id),
            response_url=office.url
            + office.responses.issue(person.id, channel.id, message.ts, message.thread_ts),
        )
        await self._interact(payload)

    async def acts_on_view(
        self,
        person: Person,
        view_id: str,
        deed: Deed,
    ) -> None:
        office = self._office
        view = self._own_view(person, view_id)
        blocks = objects_at(view.body, "blocks")
        found = elements.find(blocks, deed.block_id, deed.action_id)
        action = elements.action(found, deed.action, office.next_ts())
        view = self._filled_in(view, deed.values)
        payload = payloads.view_action(
            office,
            person=person,
            view=view,
            action=action,
            trigger_id=office.triggers.issue(person.id, view.id),
        )
        await self._interact(payload)

    async def _interact(self, payload: JsonObject) -> None:
        try:
            await self._dispatch.ask("interactive", payload)
        except NotConnected:
            raise Refused(ABSENT_APP) from None
        except NotAcknowledged:
            raise Refused(SILENT_APP) from None

    # -- modals --------------------------------------------------------------

    def _own_view(self, person: Person, view_id: str) -> View:
        view = self._office.state.view(view_id)
        if view is None or view.person != person.id:
            raise Refused("That isn't open any more.")
        return view

    def _filled_in(self, view: View, values: JsonObject) -> View:
        state = elements.values(objects_at(view.body, "blocks"), values, view.values)
        view = replace(view, values=state)
        stack = self._office.state.modals.get(view.person, [])
        stack[:] = [view if each.id == view.id else each for each in stack]
        if self._office.state.homes.get(view.person) is not None and not view.is_modal:
            self._office.state.homes[view.person] = view
        return view

    async def submits(self, person: Person, view_id: str, values: JsonObject) -> dict[str, str]:
        """Errors by block_id, as the app or Slack itself puts them; none if it was taken."""
        office = self._office
        view = self._own_view(person, view_id)
        if not view.is_modal or view.body.get("submit") is None:
            raise Refused("There is nothing to submit here.")
        if office.state.modals[person.id][-1].id != view.id:
            raise Refused("Another window is open on top of this one.")
        view = self._filled_in(view, values)
        errors = elements.missing(objects_at(view.body, "blocks"), view.values)
        if errors:
            return errors
        payload = payloads.submission(
            office,
            person=person,
            view=view,
            trigger_id=office.triggers.issue(person.id, view.id),
        )
        try:
            answer = await self._dispatch.ask("interactive", payload)
        except NotConnected:
            raise Refused(ABSENT_APP) from None
        except NotAcknowledged:
            raise Refused(MODAL_TROUBLE) from None
        return self._answered(person, view, answer)

    def _answered(self, person: Person, view: View, answer: JsonObject) -> dict[str, str]:
        office = self._office
        what = text_at(answer, "response_action")
        match what:
            case "errors":
                return self._errors(view, object_at(answer, "errors"))
            case "clear":
                office.close_modals(person.id)
            case "update" | "push":
                body = object_at(answer, "view")
                try:
                    limits.check_view(body)
                    if what == "update":
                        office.replace_modal(revised(view, body))
                    else:
                        office.push_modal(new_view(office, person.id, body, below=view))
                except SlackError as error:
                    raise Refused(f"{MODAL_TROUBLE} ({error.code}: {error.messages})") from None
            case "":
                office.close_modal(view)
            case _:
                raise Refused(f"{MODAL_TROUBLE} (response_action {what})")
        return {}

    def _errors(self, view: View, errors: JsonObject) -> dict[str, str]:
        inputs = {
            text_at(block, "block_id")
            for block in objects_at(view.body, "blocks")
            if block.get("type") == "input"
        }
        if not errors or not errors.keys() <= inputs:
            # Slack shows nothing but its general trouble when an error names no input.
            raise Refused(f"{MODAL_TROUBLE} (errors for {sorted(errors.keys() - inputs)})")
        return {block_id: str(error) for block_id, error in errors.items()}

    def closes(self, person: Person, view_id: str) -> None:
        """Close a modal: the one on top alone, or with clear_on_close the whole stack."""
        view = self._own_view(person, view_id)
        if not view.is_modal:
            raise Refused("The home tab can't be closed.")
        is_cleared = bool(view.body.get("clear_on_close"))
        if is_cleared:
            closed = self._office.close_modals(person.id)
        else:
            closed = [view]
            self._office.close_modal(view)
        for each in closed:
            if each.body.get("notify_on_close"):
                payload = payloads.closing(
                    self._office, person=person, view=each, is_cleared=is_cleared
                )
                self._dispatch.tell("interactive", payload)

    # -- the home tab --------------------------------------------------------

    def opens_home(self, person: Person) -> View | None:
        """The home tab as it is now; the app hears of it and may publish another."""
        office = self._office
        view = office.state.homes.get(person.id)
        if "app_home_opened" in office.manifest.events:
            channel, _ = office.open_im(person.id)
            event = payloads.home_opened(
                office, person=person, channel=channel, view=view, ts=office.next_ts()
            )
            self._dispatch.announce(payloads.event_callback(office, event, channel))
        return view
