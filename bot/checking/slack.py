"""Slack: the token and its scopes, a way to be heard, channels and people."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import aiohttp
import anyio
from pydantic import BaseModel, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.book.models import Book
from bot.book.places import channels_of, people_of, routed_people_of
from bot.checking.explaining import REINSTALL, Explained, app_token_fault, code_of, slack_fault
from bot.checking.results import CheckResult, fault, ok
from bot.slack_client import slack_client

TOKEN = "Slack token"  # noqa: S105 - a heading
SCOPES = "Scopes"
HEARING = "Socket Mode"
CHANNELS = "Channels"
PEOPLE = "People"

CHOOSE_ANOTHER = "put a member id into the book, from the person's profile, ⋮, Copy member ID"

PAUSES_TAKEN = 3  # answers of 429 that one call waits for
CALLS_AT_ONCE = 4

_NO_ANSWER = (SlackApiError, aiohttp.ClientError, TimeoutError)


class Identity(BaseModel):
    """Who the token makes us."""

    team: str
    team_id: str
    user: str


class _Channel(BaseModel):
    name: str = ""
    is_archived: bool = False
    is_member: bool = False


class _Person(BaseModel):
    name: str = ""
    real_name: str = ""
    deleted: bool = False
    is_bot: bool = False
    team_id: str | None = None
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def is_our_own(self, team_id: str) -> bool:
        is_guest = self.is_restricted or self.is_ultra_restricted or self.is_stranger
        return self.team_id == team_id and not is_guest


@dataclass(frozen=True, slots=True)
class TokenCheck:
    results: tuple[CheckResult, ...]
    identity: Identity | None
    """None if Slack doesn't take the token, so that nothing else can be asked with it."""


def reading_client(api_url: str, token: str | None) -> AbstractAsyncContextManager[AsyncWebClient]:
    """For calls that only read, which may be repeated."""
    return slack_client(
        api_url,
        token,
        [
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=PAUSES_TAKEN),
        ],
    )


async def check_token(client: AsyncWebClient, wanted_scopes: frozenset[str]) -> TokenCheck:
    """Whose token it is, and whether it carries every scope of the manifest."""
    url = client.base_url
    try:
        answer = await client.auth_test()
        identity = Identity.model_validate(answer.data)
    except _NO_ANSWER as error:
        return TokenCheck((slack_fault(error, url).as_fault(TOKEN, "auth.test"),), None)
    except ValidationError:
        return TokenCheck((_not_slack(TOKEN, "auth.test", url),), None)
    valid = ok(TOKEN, "auth.test", f"Slack knows it: {identity.user} in {identity.team}")
    granted = _header(answer.headers, "x-oauth-scopes")
    return TokenCheck((valid, *_scopes(granted, wanted_scopes)), identity)


def _scopes(granted: str, wanted: frozenset[str]) -> list[CheckResult]:
    names = {scope.strip() for scope in granted.split(",")}
    missing = sorted(wanted - names)
    if not missing:
        return [ok(SCOPES, "manifest.json", f"all {len(wanted)} are granted")]
    return [
        fault(
            SCOPES,
            scope,
            "the token lacks it",
            f"add {scope} at api.slack.com/apps, your app, OAuth & Permissions (or paste "
            f"manifest.json again under App Manifest), {REINSTALL}",
        )
        for scope in missing
    ]


async def check_socket(client: AsyncWebClient, app_token: str) -> CheckResult:
    """Whether Slack would open a socket; none is opened."""
    place = "SLACK_APP_TOKEN"
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except _NO_ANSWER as error:
        return app_token_fault(error, client.base_url).as_fault(HEARING, place)
    if not isinstance(answer.get("url"), str):
        return _not_slack(HEARING, place, client.base_url)
    return ok(HEARING, place, "Slack offers a socket")


async def check_channels(client: AsyncWebClient, book: Book, bot_name: str) -> list[CheckResult]:
    """Whether each channel of the book exists, is in use, and has the bot in it."""

    async def check(channel: str, used_for: str) -> CheckResult:
        return await _check_channel(client, channel, used_for, bot_name)

    return await _all_at_once(check, channels_of(book))


async def _check_channel(
    client: AsyncWebClient, channel: str, used_for: str, bot_name: str
) -> CheckResult:
    place = f"{channel}, {used_for}"
    invite = f"type /invite @{bot_name} in it"
    unknown = Explained(
        "Slack doesn't show Tallyman such a channel (channel_not_found)",
        "put the id from the bottom of the channel's details into the book (it changes when a "
        f"private channel becomes shared); if it is private, {invite}",
    )
    try:
        answer = await client.conversations_info(channel=channel)
        found = _Channel.model_validate(answer.get("channel"))
    except _NO_ANSWER as error:
        is_unknown = code_of(error) == "channel_not_found"
        explained = unknown if is_unknown else slack_fault(error, client.base_url)
        return explained.as_fault(CHANNELS, place)
    except ValidationError:
        return _not_slack(CHANNELS, place, client.base_url)
    if found.is_archived:
        return fault(
            CHANNELS,
            place,
            f"#{found.name} is archived",
            "unarchive it, or put another channel into the book",
        )
    if not found.is_member:
        return fault(CHANNELS, place, f"{bot_name} is not in #{found.name}", invite)
    return ok(CHANNELS, place, f"#{found.name}, and {bot_name} is in it")


async def check_people(client: AsyncWebClient, book: Book, team_id: str) -> list[CheckResult]:
    """Whether each account manager is somebody who can be called, and each person whom a route
    leads to one of our own: they would read of several partners."""
    routed = routed_people_of(book)

    async def check(person: str, used_for: str) -> CheckResult:
        return await _check_person(client, person, used_for, team_id if person in routed else None)

    return await _all_at_once(check, people_of(book))


async def _check_person(
    client: AsyncWebClient, person: str, used_for: str, of_team: str | None
) -> CheckResult:
    """`of_team`: that they must belong to; None where they may be anybody."""
    place = f"{person}, {used_for}"
    try:
        answer = await client.users_info(user=person)
        found = _Person.model_validate(answer.get("user"))
    except _NO_ANSWER as error:
        code = code_of(error)
        if code in ("user_not_found", "user_not_visible"):
            return fault(PEOPLE, place, f"Slack knows no such person ({code})", CHOOSE_ANOTHER)
        return slack_fault(error, client.base_url).as_fault(PEOPLE, place)
    except ValidationError:
        return _not_slack(PEOPLE, place, client.base_url)
    return _judged(found, place, of_team)


def _judged(found: _Person, place: str, of_team: str | None) -> CheckResult:
    name = found.real_name or found.name
    if found.deleted:
        return fault(PEOPLE, place, f"{name}'s account is deactivated", CHOOSE_ANOTHER)
    if found.is_bot:
        return fault(PEOPLE, place, f"{name} is a bot", CHOOSE_ANOTHER)
    if of_team is not None and not found.is_our_own(of_team):
        return fault(
            PEOPLE,
            place,
            f"{name} is a guest or from another company, and would read of several partners",
            "let the route lead to one of your own people, or to a channel",
        )
    return ok(PEOPLE, place, name)


async def _all_at_once(
    check: Callable[[str, str], Awaitable[CheckResult]], asked: Mapping[str, str]
) -> list[CheckResult]:
    """In the order of the book, however the answers come."""
    results: dict[str, CheckResult] = {}
    limiter = anyio.CapacityLimiter(CALLS_AT_ONCE)

    async def one(key: str, use: str) -> None:
        async with limiter:
            results[key] = await check(key, use)

    async with anyio.create_task_group() as group:
        for key, use in asked.items():
            group.start_soon(one, key, use)
    return [results[key] for key in asked]


def _not_slack(name: str, place: str, url: str) -> CheckResult:
    return fault(
        name,
        place,
        f"{url} answered something that Slack would not say",
        "see that SLACK_API_URL is Slack's, https://slack.com/api/, and no proxy answers for it",
    )


def _header(headers: object, name: str) -> str:
    pairs: Sequence[tuple[str, str]] = list(headers.items()) if hasattr(headers, "items") else []
    return next((value for key, value in pairs if key.lower() == name), "")
