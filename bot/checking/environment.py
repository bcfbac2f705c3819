"""The environment: read, and its faults said with the name of the variable."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.checking.results import CheckResult, CheckState, fault, ok
from bot.settings import Settings

NAME = "Environment"
ENV_FILE = Path(".env")
BOT_TOKEN_START = "xoxb-"  # noqa: S105 - how every one starts
APP_TOKEN_START = "xapp-"  # noqa: S105 - likewise
BACKENDS = ("sqlite", "postgresql", "postgres")
LOG_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")
WHERE_IS_BOT_TOKEN = (
    "api.slack.com/apps, your app, OAuth & Permissions: copy the Bot User OAuth Token, which "
    f"starts with {BOT_TOKEN_START}, into SLACK_BOT_TOKEN"
)
WHERE_IS_APP_TOKEN = (
    "api.slack.com/apps, your app, Basic Information, App-Level Tokens: generate one with the "
    f"scope connections:write, which starts with {APP_TOKEN_START}, for SLACK_APP_TOKEN"
)
WHERE_IS_SIGNING_KEY = (
    "or, to listen over HTTP, copy the Signing Secret of Basic Information into "
    "SLACK_SIGNING_SECRET"
)

_EXPECTED = {
    "slack_api_url": "an address such as https://slack.com/api/",
    "tallyman_port": "a port number such as 3000",
    "tallyman_clock_start": "an instant with its offset, such as 2014-06-01T00:00:00Z",
    "tallyman_clock_since": "an instant with its offset, such as 2026-11-01T12:00:00Z",
    "tallyman_clock_speed": "a number such as 43200",
}


@dataclass(frozen=True, slots=True)
class SettingFault:
    variable: str
    message: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.message}"


class SettingsRefused(Exception):
    """Variables of the environment that can't be used; every one that was found."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_environment() -> dict[str, str]:
    """What `${NAME}` in the book may name: the environment, before the file named `.env`.
    Raises SettingsRefused if that file is no text, OSError if it can't be read."""
    return {**_env_file(), **os.environ}


def read_settings() -> Settings:
    """Raises SettingsRefused, for what can't be read and for what can't be used."""
    settings = _settings({})
    refused = tuple(
        SettingFault(result.place, f"{result.message}: {result.how_to_mend}.")
        for result in _values(settings)
        if result.state is CheckState.FAULT
    )
    if refused:
        raise SettingsRefused(refused)
    return settings


def read_what_can_be(faults: list[SettingFault]) -> Settings:
    """Settings with the default in place of each variable at fault, which is added to `faults`."""
    try:
        return _settings({})
    except SettingsRefused as refused:
        faults.extend(refused.faults)
    names = {refused.variable.lower() for refused in faults}
    return _settings(
        {name: field.default for name, field in Settings.model_fields.items() if name in names}
    )


def _env_file() -> dict[str, str]:
    if not ENV_FILE.is_file():
        return {}
    try:
        values = dotenv_values(ENV_FILE)
    except UnicodeDecodeError as error:
        raise SettingsRefused((SettingFault(str(ENV_FILE), "it isn't UTF-8 text"),)) from error
    return {name: value for name, value in values.items() if value is not None}


def _settings(given: Mapping[str, Any]) -> Settings:
    try:
        return Settings(_env_ignore_empty=True, **given)
    except ValidationError as error:
        raise SettingsRefused(tuple(_faults_of(error))) from error
    except UnicodeDecodeError as error:
        raise SettingsRefused((SettingFault(str(ENV_FILE), "it isn't UTF-8 text"),)) from error


def _faults_of(error: ValidationError) -> Iterator[SettingFault]:
    for details in error.errors(include_url=False):
        name = str(details["loc"][0]) if details["loc"] else ""
        expected = _EXPECTED.get(name)
        if expected is None:  # its value may be a secret
            yield SettingFault(name.upper(), details["msg"])
        else:
            yield SettingFault(name.upper(), f"expected {expected}, not {details['input']!r}")


def check_environment(settings: Settings) -> list[CheckResult]:
    """Whether each variable that `run` reads can be used as it stands."""
    return [
        _bot_token(settings.slack_bot_token),
        _hearing(settings),
        *_values(settings),
    ]


def _values(settings: Settings) -> list[CheckResult]:
    return [
        _database_url(settings.database_url),
        _log_level(settings.tallyman_log_level),
        *_clock(settings),
    ]


def is_given(secret: SecretStr | None) -> bool:
    return secret is not None and bool(secret.get_secret_value().strip())


def _bot_token(token: SecretStr | None) -> CheckResult:
    place = "SLACK_BOT_TOKEN"
    if token is None or not is_given(token):
        return fault(NAME, place, "is not set", WHERE_IS_BOT_TOKEN)
    if token.get_secret_value().startswith(APP_TOKEN_START):
        return fault(NAME, place, "holds an app-level token", WHERE_IS_BOT_TOKEN)
    return ok(NAME, place, "is set")


def _hearing(settings: Settings) -> CheckResult:
    app_token = settings.slack_app_token
    if app_token is not None and is_given(app_token):
        place = "SLACK_APP_TOKEN"
        if not app_token.get_secret_value().startswith(APP_TOKEN_START):
            return fault(NAME, place, "is no app-level token", WHERE_IS_APP_TOKEN)
        return ok(NAME, place, "is set: Tallyman listens over Socket Mode")
    if is_given(settings.slack_signing_secret):
        return ok(NAME, "SLACK_SIGNING_SECRET", "is set: Tallyman listens over HTTP")
    return fault(
        NAME,
        "SLACK_APP_TOKEN, SLACK_SIGNING_SECRET",
        "neither is set, so that nobody would be heard",
        f"{WHERE_IS_APP_TOKEN}; {WHERE_IS_SIGNING_KEY}",
    )


def _database_url(url: str) -> CheckResult:
    place = "DATABASE_URL"
    how_to_mend = (
        "write sqlite:///tallyman.sqlite, or postgresql://user:password@host/database "
        "with special characters of the password percent-encoded"
    )
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return fault(NAME, place, "is no database's URL", how_to_mend)
    backend = parsed.get_backend_name()
    if backend not in BACKENDS:
        return fault(
            NAME, place, f"names {backend}, which Tallyman does not keep its data in", how_to_mend
        )
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        return fault(NAME, place, "names no file to keep the data in", how_to_mend)
    return ok(NAME, place, parsed.render_as_string(hide_password=True))


def _log_level(level: str) -> CheckResult:
    place = "TALLYMAN_LOG_LEVEL"
    if level.upper() not in LOG_LEVELS:
        return fault(
            NAME, place, f"{level!r} is no level", f"choose one of {', '.join(LOG_LEVELS)}"
        )
    return ok(NAME, place, level.upper())


def _clock(settings: Settings) -> Iterator[CheckResult]:
    start, since = settings.tallyman_clock_start, settings.tallyman_clock_since
    place = "TALLYMAN_CLOCK_START, TALLYMAN_CLOCK_SINCE"
    how_to_mend = "unset both for the system's clock, or give both, such as 2014-06-01T00:00:00Z"
    if start is None and since is None:
        return
    if start is None or since is None:
        yield fault(NAME, place, "only one of them is set", how_to_mend)
    elif start.tzinfo is None or since.tzinfo is None:
        yield fault(NAME, place, "an instant has no offset from UTC", how_to_mend)
    else:
        speed = settings.tallyman_clock_speed
        yield ok(NAME, place, f"a simulated clock, {speed:g} times as fast as the system's")
