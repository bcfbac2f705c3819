"""What Slack's answers mean for a message that we owe. Names as in Slack's documentation."""

from enum import Enum, auto

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.alerts.sending import UploadFailed


class Outcome(Enum):
    WAIT = auto()  # not taken; the same again later
    FAILED = auto()  # not taken, by a fault of Slack's: the same again soon, but not for ever
    AMBIGUOUS = auto()  # taken or not: look before saying it again
    ELSEWHERE = auto()  # this channel can't hear us: the fallback channel can
    PLAINER = auto()  # refused as it is written: say it in plain text
    PARENT_GONE = auto()  # the message it belongs to was deleted, or takes nothing any more
    REFUSED = auto()  # the token is refused: nothing can be said until a person mends it
    CLOSED = auto()  # the workspace takes nothing at present: nor is the token to blame
    NEVER = auto()  # a fault of ours: set it aside for a person


_OUTCOMES = {
    **dict.fromkeys(("ratelimited", "rate_limited"), Outcome.WAIT),
    "external_channel_migrating": Outcome.WAIT,
    **dict.fromkeys(
        (
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "file_update_failed",
        ),
        Outcome.AMBIGUOUS,
    ),
    "file_not_found": Outcome.FAILED,  # Slack has lost what was uploaded: it is uploaded again
    **dict.fromkeys(
        (
            "channel_not_found",
            "not_in_channel",
            "is_archived",
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "posting_to_channel_denied",  # a file's own words for the same
            "invalid_channel",
            "user_not_found",  # a person's
            "user_disabled",
            "user_not_visible",
            "cannot_dm_bot",
            "messages_tab_disabled",
        ),
        Outcome.ELSEWHERE,
    ),
    **dict.fromkeys(
        ("msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"),
        Outcome.PLAINER,
    ),
    **dict.fromkeys(
        (
            "message_not_found",
            "thread_not_found",
            "cannot_reply_to_message",  # a deleted one that has replies leaves its place
            "cant_reply_to_message",
            "restricted_action_thread_locked",
            "cant_update_message",
            "edit_window_closed",
        ),
        Outcome.PARENT_GONE,
    ),
    **dict.fromkeys(
        (
            "token_revoked",
            "token_expired",
            "account_inactive",
            "invalid_auth",
            "not_authed",
            "not_allowed_token_type",
            "no_permission",
        ),
        Outcome.REFUSED,
    ),
    **dict.fromkeys(
        (
            "accesslimited",
            "ekm_access_denied",
            "enterprise_is_restricted",
            "message_limit_exceeded",
            "org_login_required",
            "team_access_not_granted",
            "team_added_to_org",
            "two_factor_setup_required",
        ),
        Outcome.CLOSED,
    ),
}

MISSING_SCOPE = "missing_scope"
# All else goes on without files, and without writing to people directly.
_WITHOUT_SCOPE = {"files:write": Outcome.PLAINER, "im:write": Outcome.ELSEWHERE}

# Nothing of a file is seen before its last step; and what can't be uploaded can be told in words.
_OF_AN_UPLOAD = {Outcome.AMBIGUOUS: Outcome.FAILED, Outcome.NEVER: Outcome.PLAINER}

MOVED_WITHIN = {"external_channel_migrating": 30.0}  # seconds; Slack does not say for how long

HTTP_SERVER_ERROR = 500
HTTP_TOO_MANY_REQUESTS = 429


def outcome_of(error: Exception) -> Outcome:
    """Of a failed call. Raises the error again where it is none of Slack's or the network's."""
    if isinstance(error, UploadFailed):
        return _outcome_of_upload(error.cause)
    if isinstance(error, SlackApiError):
        return _outcome_of_answer(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Outcome.WAIT  # never reached Slack
    if isinstance(error, aiohttp.ClientError | TimeoutError):
        return Outcome.AMBIGUOUS
    raise error


def words_for(error: Exception) -> str:
    """A short name of the fault for the log and for people; never the request."""
    if isinstance(error, UploadFailed):
        return words_for(error.cause)
    if isinstance(error, SlackApiError):
        return _code_of(error) or f"HTTP {_status_of(error)}"
    return type(error).__name__


def retry_after(error: Exception) -> float:
    """Seconds that Slack asks us to wait; where it does not say, 1, or what its reason takes."""
    if isinstance(error, UploadFailed):
        return retry_after(error.cause)
    if isinstance(error, SlackApiError) and (code := _code_of(error)) in MOVED_WITHIN:
        return MOVED_WITHIN[code]
    if isinstance(error, SlackApiError) and isinstance(error.response, AsyncSlackResponse):
        value = error.response.headers.get("Retry-After", "1")
        return float(value) if value.isdigit() else 1.0
    return 1.0


def _outcome_of_upload(cause: Exception) -> Outcome:
    if isinstance(cause, aiohttp.ClientError):
        return Outcome.FAILED  # it goes to another host, which may be out of our reach for good
    outcome = outcome_of(cause)
    return _OF_AN_UPLOAD.get(outcome, outcome)


def _outcome_of_answer(error: SlackApiError) -> Outcome:
    status = _status_of(error)
    if status == HTTP_TOO_MANY_REQUESTS:
        return Outcome.WAIT
    code = _code_of(error)
    if code == MISSING_SCOPE:
        return _WITHOUT_SCOPE.get(_told(error, "needed") or "", Outcome.REFUSED)
    if code is None or status >= HTTP_SERVER_ERROR:
        return Outcome.AMBIGUOUS
    return _OUTCOMES.get(code, Outcome.NEVER)


def _status_of(error: SlackApiError) -> int:
    response = error.response
    return response.status_code if isinstance(response, AsyncSlackResponse) else 0


def _code_of(error: SlackApiError) -> str | None:
    return _told(error, "error")


def _told(error: SlackApiError, name: str) -> str | None:
    response = error.response
    if isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict):
        told = response.data.get(name)
        return told if isinstance(told, str) else None
    return None
