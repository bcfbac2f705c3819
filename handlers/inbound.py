"""What Slack sends, validated: nothing of it is taken on trust."""

import re
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class _Inbound(BaseModel):
    # What somebody typed stays out of the errors, for those are logged.
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class SlashCommand(_Inbound):
    command: str
    text: str = ""
    user_id: str
    team_id: str
    channel_id: str
    response_url: str
    trigger_id: str = ""


class _User(_Inbound):
    id: str
    team_id: str | None = None


class _Channel(_Inbound):
    id: str


class _Container(_Inbound):
    message_ts: str
    thread_ts: str | None = None
    is_ephemeral: bool = False


class Option(_Inbound):
    value: str


class _Action(_Inbound):
    action_id: str
    value: str = ""
    """Of a button."""
    selected_option: Option | None = None
    """Of a menu."""
    action_ts: str = ""


class Click(_Inbound):
    """On a button of a message, or a choice in a menu of it."""

    user: _User
    channel: _Channel
    container: _Container
    actions: Annotated[Sequence[_Action], Field(min_length=1, max_length=1)]
    trigger_id: str
    response_url: str

    @property
    def action(self) -> _Action:
        return self.actions[0]


class CaseClick(Click):
    @property
    def case_id(self) -> int:
        """0, which no case has, for a value that none of our buttons carries."""
        return _number(self.action.value)


class GroupClick(Click):
    """On what is done to all cases of a message."""

    @property
    def alert_id(self) -> int:
        """0, which no alert has, for a value that none of our buttons carries."""
        return _number(self.action.value)


class MuteClick(Click):
    """On what ends a mute."""

    @property
    def mute_id(self) -> int:
        """0, which no mute has, for a value that none of our buttons carries."""
        return _number(self.action.value)


class OneOfGroup(Click):
    """The choice of one case of a message."""

    @property
    def case_id(self) -> int:
        """0, which no case has, for a value that none of our menus carries."""
        chosen = self.action.selected_option
        return _number(chosen.value) if chosen else 0


def _number(value: str) -> int:
    return int(value) if _NUMBER.fullmatch(value) else 0


class _Origin(_Inbound):
    """private_metadata of every dialogue: where it was opened from, and what its answers are
    checked against."""

    model_config = ConfigDict(extra="forbid")

    channel: str
    ts: str
    zone: str
    """IANA name of the partner's zone: dates and times are given in it."""

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError("not an IANA zone") from error
        return value


class CaseOrigin(_Origin):
    case_id: Annotated[int, Field(gt=0, lt=2**63)]
    promised_at: AwareDatetime | None = None
    shown_alone_at: str | None = None
    """The response_url of the case's message, where it was shown to that person alone."""


class GroupOrigin(_Origin):
    alert_id: Annotated[int, Field(gt=0, lt=2**63)]
    seen_at: AwareDatetime
    """When the person saw what it is about: what joined later is not meant."""

    @property
    def promised_at(self) -> None:
        """They have no promise in common."""


class MuteOrigin(_Inbound):
    model_config = ConfigDict(extra="forbid")

    channel: str


class Answer(_Inbound):
    """What was filled in at one place of a dialogue."""

    value: str | None = None
    selected_option: Option | None = None
    selected_date: str | None = None
    selected_time: str | None = None


class _State(_Inbound):
    values: dict[str, dict[str, Answer]]


class _View(_Inbound):
    id: str
    private_metadata: str
    state: _State


class Submission(_Inbound):
    """A dialogue, filled in."""

    user: _User
    view: _View

    def answer(self, block_id: str, action_id: str) -> Answer:
        return self.view.state.values.get(block_id, {}).get(action_id, Answer())


class CaseSubmission(Submission):
    @property
    def origin(self) -> CaseOrigin:
        """Raises ValidationError for what none of our dialogues carries."""
        return CaseOrigin.model_validate_json(self.view.private_metadata)


class GroupSubmission(Submission):
    @property
    def origin(self) -> GroupOrigin:
        """Raises ValidationError for what none of our dialogues carries."""
        return GroupOrigin.model_validate_json(self.view.private_metadata)


class MuteSubmission(Submission):
    @property
    def origin(self) -> MuteOrigin:
        """Raises ValidationError for what none of our dialogues carries."""
        return MuteOrigin.model_validate_json(self.view.private_metadata)


class Said(_Inbound):
    """A mention, or a direct message."""

    user: str | None = None
    text: str = ""
    ts: str
    channel: str
    thread_ts: str | None = None
    team: str | None = None
    user_team: str | None = None
    bot_id: str | None = None
    subtype: str | None = None

    @property
    def is_by_a_person(self) -> bool:
        """Not by a bot, and no edit, join or other event in the shape of a message."""
        is_plain = self.subtype in (None, "file_share", "thread_broadcast")
        return self.user is not None and self.bot_id is None and is_plain

    @property
    def team_id(self) -> str | None:
        return self.user_team or self.team


class HomeOpened(_Inbound):
    user: str
    tab: str = "home"


class ChannelIdChanged(_Inbound):
    old_channel_id: str
    new_channel_id: str


class Person(_Inbound):
    """From users.info."""

    team_id: str | None = None
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def is_our_own(self, team_id: str) -> bool:
        """A guest is in our workspace, and still from outside."""
        is_guest = self.is_restricted or self.is_ultra_restricted or self.is_stranger
        return self.team_id == team_id and not is_guest
