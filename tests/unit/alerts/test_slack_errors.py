"""What an answer of Slack means for what we owe."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.alerts.sending import UploadFailed
from bot.alerts.slack_errors import Outcome, outcome_of, retry_after, words_for


def answered(code: str, needed: str | None = None, status: int = 200, **headers: str) -> Exception:
    data = {"ok": False, "error": code} | ({"needed": needed} if needed else {})
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=data,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        status_code=status,
    )
    return SlackApiError(code, response)


@pytest.mark.parametrize(
    ("needed", "outcome"),
    [
        ("chat:write", Outcome.REFUSED),
        ("channels:history", Outcome.REFUSED),
        ("files:write", Outcome.PLAINER),
        ("im:write", Outcome.ELSEWHERE),
        (None, Outcome.REFUSED),
    ],
)
def test_a_missing_scope_stops_only_what_needs_it(needed: str | None, outcome: Outcome) -> None:
    assert outcome_of(answered("missing_scope", needed)) is outcome


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (TimeoutError(), Outcome.FAILED),
        (aiohttp.ServerDisconnectedError(), Outcome.FAILED),
        (answered("internal_error"), Outcome.FAILED),
        (answered("file_uploads_disabled"), Outcome.PLAINER),
        (answered("missing_scope", "files:write"), Outcome.PLAINER),
        (answered("ratelimited", status=429), Outcome.WAIT),
        (answered("token_revoked"), Outcome.REFUSED),
        (answered("posting_to_channel_denied"), Outcome.ELSEWHERE),
    ],
)
def test_of_an_upload_that_failed_nobody_has_seen_anything(
    cause: Exception, outcome: Outcome
) -> None:
    assert outcome_of(UploadFailed(cause)) is outcome
    assert words_for(UploadFailed(cause)) == words_for(cause)


def test_how_long_slack_asks_to_wait_is_known_of_an_upload_too() -> None:
    limited = answered("ratelimited", status=429, Retry_After="17")
    assert retry_after(UploadFailed(limited)) == 17.0


def test_what_is_no_fault_of_slack_is_raised_again() -> None:
    with pytest.raises(ZeroDivisionError):
        outcome_of(ZeroDivisionError())


@pytest.mark.parametrize("code", ["token_expired", "not_allowed_token_type", "no_permission"])
def test_a_token_that_is_no_good_sets_nothing_aside(code: str) -> None:
    assert outcome_of(answered(code)) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("cannot_reply_to_message", Outcome.PARENT_GONE),  # a tombstone, or another's message
        ("restricted_action_thread_locked", Outcome.PARENT_GONE),
        ("edit_window_closed", Outcome.PARENT_GONE),
        ("restricted_action_non_threadable_channel", Outcome.ELSEWHERE),
        ("messages_tab_disabled", Outcome.ELSEWHERE),
        ("message_limit_exceeded", Outcome.CLOSED),
    ],
)
def test_what_can_be_said_another_way_is_not_set_aside(code: str, outcome: Outcome) -> None:
    assert outcome_of(answered(code)) is outcome
