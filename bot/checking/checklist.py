"""The whole list, from the environment to the sources. What can be looked at is looked at."""

import errno
import socket
from collections.abc import Mapping

import anyio.to_thread
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.book import BookError, BookFault, load_book
from bot.book.models import Book, EasyPostEntry
from bot.checking import database, environment, slack, sources
from bot.checking.environment import SettingFault, is_given
from bot.checking.manifest import manifest_path
from bot.checking.results import CheckResult, Checkup, fault, ok, skipped, without_secrets
from bot.settings import Settings
from bot.workspace.manifest import Manifest

BOOK = "Book"
PORT = "HTTP"


async def check_everything(
    settings: Settings,
    variables: Mapping[str, str],
    refused: tuple[SettingFault, ...] = (),
) -> Checkup:
    """`variables` are what the book's `${NAME}` stand for; `refused` are those of the settings
    that couldn't be read, and have their defaults here. Nothing is changed anywhere."""
    results = [fault(environment.NAME, one.variable, one.message) for one in refused]
    results += environment.check_environment(settings)
    book, about_book = check_book(settings, variables)
    results += about_book
    results += await _database(settings)
    results += await _slack(settings, book)
    results += await _sources(book)
    secrets = _secrets(settings, book)
    return Checkup(tuple(without_secrets(result, secrets) for result in results), book)


def check_book(
    settings: Settings, variables: Mapping[str, str]
) -> tuple[Book | None, list[CheckResult]]:
    """Every fault with its line, or what the book holds."""
    try:
        book = load_book(settings.tallyman_book, variables)
    except BookError as error:
        return None, [_book_fault(one) for one in error.faults]
    terms = sum(len(partner.contract.terms) for partner in book.partners)
    counted = [
        _count(len(book.partners), "partner"),
        _count(len(book.sources), "source"),
        _count(terms, "term"),
    ]
    if book.routing.routes:
        counted.append(_count(len(book.routing.routes), "route"))
    return book, [ok(BOOK, str(settings.tallyman_book), ", ".join(counted))]


def _book_fault(one: BookFault) -> CheckResult:
    line = f"{one.file}:{one.line}" if one.line else one.file
    return fault(BOOK, f"{line} {one.field}".strip(), one.message)


async def _database(settings: Settings) -> list[CheckResult]:
    url = _parsed(settings.database_url)
    if url is None:
        return [skipped(database.NAME, "DATABASE_URL", "a database's URL")]
    return await anyio.to_thread.run_sync(database.check_database, url)


async def _slack(settings: Settings, book: Book | None) -> list[CheckResult]:
    token = _text(settings.slack_bot_token)
    wanted = Manifest.read(manifest_path()).scopes
    async with slack.reading_client(str(settings.slack_api_url), token) as client:
        hearing = await _hearing(settings, client)
        if token is None:
            return [*_without_token("the token (SLACK_BOT_TOKEN)"), *hearing]
        about_token = await slack.check_token(client, wanted)
        results = [*about_token.results, *hearing]
        identity = about_token.identity
        if identity is None:
            return [*results, *_without_token("a token that Slack accepts")[1:]]
        if book is None:
            return [*results, *_without_book()]
        results += await slack.check_channels(client, book, identity.user)
        return results + await slack.check_people(client, book, identity.team_id)


def _without_token(needs: str) -> list[CheckResult]:
    return [
        skipped(slack.TOKEN, "auth.test", needs),
        skipped(slack.SCOPES, "manifest.json", needs),
        skipped(slack.CHANNELS, "every channel of the book", needs),
        skipped(slack.PEOPLE, "everybody whom the book names", needs),
    ]


def _without_book() -> list[CheckResult]:
    return [
        skipped(slack.CHANNELS, "every channel of the book", "the book"),
        skipped(slack.PEOPLE, "everybody whom the book names", "the book"),
    ]


async def _hearing(settings: Settings, client: AsyncWebClient) -> list[CheckResult]:
    app_token = _text(settings.slack_app_token)
    if app_token is not None:
        return [await slack.check_socket(client, app_token)]
    if is_given(settings.slack_signing_secret):
        return [check_port(settings.tallyman_host, settings.tallyman_port)]
    return [skipped(slack.HEARING, "SLACK_APP_TOKEN", "SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET")]


def check_port(host: str, port: int) -> CheckResult:
    """Whether we could listen there for what Slack sends."""
    place = f"{host}:{port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return fault(
                PORT,
                place,
                "is already in use",
                "stop what uses it (a Tallyman that is running is all right), or set "
                "TALLYMAN_PORT to another port",
            )
        return fault(
            PORT,
            place,
            f"can't be listened on: {error.strerror or error}",
            "set TALLYMAN_HOST to an address of this machine and TALLYMAN_PORT to a port over 1023",
        )
    return ok(PORT, place, "is free to listen on")


async def _sources(book: Book | None) -> list[CheckResult]:
    if book is None:
        return [skipped(sources.NAME, "every source of the book", "the book")]
    return await sources.check_sources(book)


def _secrets(settings: Settings, book: Book | None) -> tuple[str, ...]:
    url = _parsed(settings.database_url)
    given = [
        _text(settings.slack_bot_token),
        _text(settings.slack_app_token),
        _text(settings.slack_signing_secret),
        str(url.password) if url is not None and url.password else None,
        *(
            _text(entry.api_key)
            for entry in (book.sources if book else ())
            if isinstance(entry, EasyPostEntry)
        ),
    ]
    return tuple(secret for secret in given if secret)


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value().strip() if secret is not None and is_given(secret) else None


def _parsed(url: str) -> URL | None:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return None
    return parsed if parsed.get_backend_name() in environment.BACKENDS else None


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
