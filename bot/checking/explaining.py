"""What goes wrong outside of us, in words: what happened, and how to mend it."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.checking.environment import WHERE_IS_APP_TOKEN, WHERE_IS_BOT_TOKEN
from bot.checking.results import CheckResult, fault
from bot.messages.text import capital

REINSTALL = "then reinstall the app to the workspace, so that Slack grants it"


@dataclass(frozen=True, slots=True)
class Explained:
    message: str
    how_to_mend: str

    def __str__(self) -> str:
        return f"{self.message}: {self.how_to_mend}."

    @property
    def sentence(self) -> str:
        """By itself. An address that it begins with stays as it is."""
        said = str(self)
        return said if said.startswith("http") else capital(said)

    def as_fault(self, name: str, place: str) -> CheckResult:
        return fault(name, place, self.message, self.how_to_mend)


_DEAD_TOKENS = {
    "not_authed": "Slack was given no token",
    "invalid_auth": "Slack doesn't know this token (invalid_auth)",
    "token_revoked": "this token was revoked (token_revoked)",
    "token_expired": "this token has expired (token_expired)",
    "account_inactive": "the app was removed from the workspace (account_inactive)",
    "not_allowed_token_type": "this is another kind of token (not_allowed_token_type)",
}


SlackFailure = SlackApiError | aiohttp.ClientError | TimeoutError


def code_of(error: SlackFailure) -> str:
    """Slack's name of the fault, or the HTTP status where it gave none."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    response = error.response
    if isinstance(response, AsyncSlackResponse):
        code = response.data.get("error") if isinstance(response.data, dict) else None
        return code if isinstance(code, str) else f"HTTP {response.status_code}"
    return "an unreadable answer"


def slack_fault(error: SlackFailure, url: str) -> Explained:
    """Of a call with the bot's token to the Slack at this address."""
    return _slack_fault(error, url, WHERE_IS_BOT_TOKEN)


def app_token_fault(error: SlackFailure, url: str) -> Explained:
    """Of a call with the app-level token."""
    return _slack_fault(error, url, WHERE_IS_APP_TOKEN)


def is_about_token(error: SlackApiError) -> bool:
    """Trying again won't help: somebody has to mend the token."""
    return code_of(error) in {*_DEAD_TOKENS, "missing_scope"}


def _slack_fault(error: SlackFailure, url: str, where_is_token: str) -> Explained:
    if not isinstance(error, SlackApiError):
        return Explained(
            f"no answer from {url} ({code_of(error)})",
            "check the network, a proxy, and SLACK_API_URL if it is set",
        )
    code = code_of(error)
    if code in _DEAD_TOKENS:
        return Explained(_DEAD_TOKENS[code], where_is_token)
    if code == "missing_scope":
        scope = _needed_scope(error)
        return Explained(
            f"the token lacks the scope {scope} (missing_scope)",
            f"add {scope} at api.slack.com/apps, your app, OAuth & Permissions, {REINSTALL}",
        )
    if code == "ratelimited":
        return Explained("Slack asks for a pause (ratelimited)", "try again in a minute")
    return Explained(
        f"{url} answered {code}",
        "try again; if it stays so, see status.slack.com, and SLACK_API_URL if it is set",
    )


def _needed_scope(error: SlackApiError) -> str:
    response = error.response
    if isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict):
        needed = response.data.get("needed")
        if isinstance(needed, str):
            return needed
    return "that this needs"


_MEND_FOLDER = (
    "see that its folder exists and may be written to, or set DATABASE_URL to another file"
)
_HOW_TO_MEND_FILE = {
    "database is locked": "something else has been writing to it for long; stop that, or wait for "
    "it",
    "file is not a database": "it is another kind of file, or damaged; set DATABASE_URL to another "
    "one, or restore a backup",
}
"""By what SQLite says."""


def database_fault(error: SQLAlchemyError, url: URL) -> Explained:
    """Of a database that can't be reached or used."""
    reason = reason_of(error)
    if url.get_backend_name() == "sqlite":
        return Explained(f"can't be used: {reason}", _HOW_TO_MEND_FILE.get(reason, _MEND_FOLDER))
    return Explained(
        f"can't be used: {reason}",
        "see that the server runs and takes connections from here, and that DATABASE_URL has the "
        "right host, database, user and password",
    )


def reason_of(error: SQLAlchemyError) -> str:
    """The first line of what the driver says, without the statement."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig else error
    lines = str(said).strip().splitlines()
    return lines[0].strip() if lines else type(said).__name__
