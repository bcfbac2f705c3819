"""What Slack sends, validated: nothing of it is taken on trust."""

import re
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

_CASE_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


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


class _User(_Inbound):
    id: str
    team_id: str | None = None


class _Channel(_Inbound):
    id: str


class _Container(_Inbound):
    message_ts: str
    thread_ts: str | None = None


class _Button(_Inbound):
    action_id: str
    value: str = ""


class CaseClick(_Inbound):
    """A click on a button of a case."""

    user: _User
    channel: _Channel
    container: _Container
    actions: Annotated[Sequence[_Button], Field(min_length=1, max_length=1)]
    trigger_id: str
    response_url: str

    @property
    def case_id(self) -> int:
        """0, which no case has, for a value that none of our buttons carries."""
        value = self.actions[0].value
        return int(value) if _CASE_NUMBER.fullmatch(value) else 0


class CaseOrigin(_Inbound):
    """private_metadata of every dialogue: which case, where it was opened from, and what its
    answers are checked against."""

    model_config = ConfigDict(extra="forbid")

    case_id: Annotated[int, Field(gt=0, lt=2**63)]
    channel: str
    ts: str
    zone: str
    """IANA name of the partner's zone: dates and times are given in it."""
    promised_at: AwareDatetime | None = None

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError("not an IANA zone") from error
        return value


class Option(_Inbound):
    value: str


class Answer(_Inbound):
    """What was filled in at one place of a dialogue."""

    value: str | None = None
    selected_option: Option | None = None
    selected_date: str | None = None
    selected_time: str | None = None


class _State(_Inbound):
    values: dict[str, dict[str, Answer]]


class _View(_Inbound):
    private_metadata: str
    state: _State


class CaseSubmission(_Inbound):
    """A dialogue about a case, filled in."""

    user: _User
    view: _View

    @property
    def origin(self) -> CaseOrigin:
        """Raises ValidationError for what none of our dialogues carries."""
        return CaseOrigin.model_validate_json(self.view.private_metadata)

    def answer(self, block_id: str, action_id: str) -> Answer:
        return self.view.state.values.get(block_id, {}).get(action_id, Answer())


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
