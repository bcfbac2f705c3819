"""The app's manifest as Slack reads it: what it may do, which commands and events it gets."""

import re
from pathlib import Path

from pydantic import BaseModel, Field, field_validator

COMMAND_NAME_LIMIT = 32  # characters, with the slash
BUILT_IN_COMMANDS = frozenset(
    "/" + name
    for name in [
        "active",
        "apps",
        "archive",
        "away",
        "call",
        "collapse",
        "dm",
        "dnd",
        "expand",
        "feed",
        "giphy",
        "invite",
        "join",
        "leave",
        "me",
        "msg",
        "mute",
        "open",
        "pro",
        "remind",
        "remove",
        "rename",
        "search",
        "shortcuts",
        "shrug",
        "status",
        "topic",
        "who",
    ]
)


class Command(BaseModel):
    command: str
    description: str = Field(max_length=2000)
    usage_hint: str = ""
    should_escape: bool = False

    @field_validator("command")
    @classmethod
    def _is_free(cls, command: str) -> str:
        if command in BUILT_IN_COMMANDS:
            raise ValueError(f"{command} is one of Slack's own commands")
        if len(command) > COMMAND_NAME_LIMIT:
            raise ValueError(f"{command} is longer than {COMMAND_NAME_LIMIT} characters")
        if not re.fullmatch(r"/[a-z0-9_-]+", command):
            raise ValueError(f"{command} isn't a slash and lower-case letters, digits, - or _")
        return command


class _Home(BaseModel):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False


class _BotUser(BaseModel):
    display_name: str


class _Features(BaseModel):
    app_home: _Home = _Home()
    bot_user: _BotUser
    slash_commands: tuple[Command, ...] = ()


class _Scopes(BaseModel):
    bot: tuple[str, ...] = ()


class _OAuth(BaseModel):
    scopes: _Scopes = _Scopes()


class _Events(BaseModel):
    bot_events: tuple[str, ...] = ()


class _Interactivity(BaseModel):
    is_enabled: bool = False


class _Settings(BaseModel):
    event_subscriptions: _Events = _Events()
    interactivity: _Interactivity = _Interactivity()
    socket_mode_enabled: bool = False


class _Display(BaseModel):
    name: str


class Manifest(BaseModel):
    """manifest.json; parts that this workspace has no use for are passed over."""

    display_information: _Display
    features: _Features
    oauth_config: _OAuth = _OAuth()
    settings: _Settings = _Settings()

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises OSError if it can't be read, pydantic.ValidationError if Slack would refuse it."""
        return cls.model_validate_json(path.read_bytes())

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.oauth_config.scopes.bot)

    @property
    def commands(self) -> tuple[Command, ...]:
        return self.features.slash_commands

    @property
    def events(self) -> frozenset[str]:
        return frozenset(self.settings.event_subscriptions.bot_events)
