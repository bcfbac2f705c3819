"""Faults that a command may end with: each said in a sentence, without a traceback."""

import errno
from dataclasses import dataclass
from itertools import chain

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.book import BookError
from bot.checking.environment import SettingsRefused
from bot.checking.explaining import SlackFailure, database_fault, reason_of, slack_fault
from bot.checking.hearing import NotHeard
from bot.messages.text import capital
from bot.settings import Settings
from bot.trying_out import SetupRefused
from bot.workspace.journal import JournalDamaged, JournalInUse
from storage.migrate import NewerDatabase
from storage.taking_over import AlreadyInUse


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the command was about, as far as it got."""

    settings: Settings | None = None
    port: int | None = None
    how_to_choose_port: str = "TALLYMAN_PORT"


def sentences_for(error: BaseException, circumstances: Circumstances) -> list[str]:
    """One for each fault; none for what nobody expected, which then needs its traceback."""
    if isinstance(error, BaseExceptionGroup):
        parts = [sentences_for(one, circumstances) for one in error.exceptions]
        return list(dict.fromkeys(chain(*parts))) if all(parts) else []
    if isinstance(error, BookError | SettingsRefused | SetupRefused):
        return str(error).splitlines()
    sentence = _sentence_for(error, circumstances)
    return [sentence] if sentence else []


def _sentence_for(error: BaseException, circumstances: Circumstances) -> str | None:
    match error:
        case JournalDamaged() | JournalInUse() | NewerDatabase() | AlreadyInUse() | NotHeard():
            return str(error)
        case SQLAlchemyError():
            return _about_database(error, circumstances.settings)
        case SlackApiError() | aiohttp.ClientError():
            return _about_slack(error, circumstances.settings)
        case TimeoutError() if circumstances.settings is not None:
            return _about_slack(error, circumstances.settings)
        case OSError():
            return _about_system(error, circumstances)
    return None


def _about_database(error: SQLAlchemyError, settings: Settings | None) -> str:
    if settings is None:
        return f"The database can't be used: {reason_of(error)}."
    url = make_url(settings.database_url)
    return f"The database {url.render_as_string(hide_password=True)} {database_fault(error, url)}"


def _about_slack(error: SlackFailure, settings: Settings | None) -> str:
    return slack_fault(error, str((settings or Settings()).slack_api_url)).sentence


def _about_system(error: OSError, circumstances: Circumstances) -> str:
    port, how = circumstances.port, circumstances.how_to_choose_port
    if error.errno == errno.EADDRINUSE and port is not None:
        return f"Port {port} is already in use: stop what uses it, or choose another with {how}."
    if error.errno == errno.EACCES and error.filename is None and port is not None:
        return f"Port {port} may not be listened on: choose one over 1023 with {how}."
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}."
    return f"{capital(error.strerror or str(error) or type(error).__name__)}."
