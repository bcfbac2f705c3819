"""Puts everything together, starts it, and drains it on SIGTERM."""

import gc
import os
import signal
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio
import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

import handlers
from bot.alerts.delivery import Deliverer
from bot.alerts.pace import Pace
from bot.alerts.patience import Patience
from bot.alerts.reminding import Reminding
from bot.alerts.speaking import Speaking
from bot.book.models import Book
from bot.clock import Clock
from bot.desk import Desk
from bot.digests.saying import Digesting, schedule_digests
from bot.judging.changed_book import judge_by_changed_book
from bot.judging.judge import Judging
from bot.judging.leaving import resolve_what_left
from bot.judging.measured import measured_subjects
from bot.judging.terms import term_subject
from bot.mutes.ending import MuteEnding
from bot.polling import Polling
from bot.settings import Settings
from bot.slack_client import slack_client
from bot.sources.registry import open_source
from bot.sweeping import Sweeping, schedule_sweeping
from bot.ticker import Job, Ticker
from storage import addresses, due, migrate, partners, sources
from storage.database import Database
from storage.partners import BookPartner
from storage.taking_over import alone, take_over
from storage.vocabulary import DueKind

DRAIN = 8.0  # seconds for what is in flight when asked to stop
TICK = 0.25  # seconds: how long an answer to a click may lie in the outbox
EVENTS_PATH = "/slack/events"

log = structlog.get_logger(__name__)


class NotConfigured(Exception):
    """Something that `run` needs is not in the environment; the text says what."""


def _bot_token(settings: Settings) -> str:
    if settings.slack_bot_token is None:
        raise NotConfigured("SLACK_BOT_TOKEN is not set: it is the app's Bot User OAuth Token.")
    return settings.slack_bot_token.get_secret_value()


async def run(settings: Settings, book: Book) -> None:
    """Runs until SIGTERM or SIGINT, then finishes what is in flight."""
    database = Database(settings.database_url)
    try:
        with alone(database):
            await anyio.to_thread.run_sync(migrate.upgrade, database)
            clock = settings.clock()
            if database.is_sqlite:
                await database.run(take_over, clock())
            await _serve(settings, book, database, clock)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Assistant:
    """Everything put together, listening, and waiting for ticks."""

    team: str
    client: AsyncWebClient
    desk: Desk
    jobs: Mapping[str, Job]
    """What ticks, by name, in the order of the data's way."""


@asynccontextmanager
async def put_together(
    settings: Settings,
    book: Book,
    database: Database,
    clock: Clock,
    pace: Pace,
    patience: Patience | None = None,
) -> AsyncIterator[Assistant]:
    """Opens the sources, makes the database know the book, and listens to Slack meanwhile."""
    owner = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            slack_client(str(settings.slack_api_url), _bot_token(settings))
        )
        identity = await client.auth_test()
        open_sources = {entry.key: open_source(entry, clock) for entry in book.sources}
        for source in open_sources.values():
            stack.push_async_callback(source.close)
        await database.run(prepare, book, clock)
        await database.run(addresses.keep_workspace, str(identity["url"]))

        deliverer = Deliverer(database, client, book.fallback_channel, clock, owner, pace, patience)
        polling = Polling(database, book, open_sources, clock, owner)
        judging = Judging(database, book, clock, owner)
        ending = MuteEnding(database, book, clock, owner)
        speaking = Speaking(database, book, clock, owner)
        reminding = Reminding(database, book, clock, owner)
        digesting = Digesting(database, book, clock, owner)
        sweeping = Sweeping(database, clock, owner)
        desk = Desk(database, book, clock, deliverer, team_id=str(identity["team_id"]))

        await stack.enter_async_context(listening(settings, client, desk))
        yield Assistant(
            team=str(identity["team"]),
            client=client,
            desk=desk,
            jobs={
                "poll sources": polling.poll_sources,
                "follow shipments": polling.follow_shipments,
                "judge": judging.judge_due,
                "judge sources": judging.judge_sources,
                "wake snoozed": judging.wake_snoozed,
                "end mutes": ending.end_due,
                "say": speaking.say_due,
                "remind": reminding.remind,
                "say digests": digesting.say_due,
                "deliver": deliverer.deliver_due,
                "sweep": sweeping.sweep,
            },
        )


async def _serve(settings: Settings, book: Book, database: Database, clock: Clock) -> None:
    async with put_together(settings, book, database, clock, Pace()) as assistant:
        ticker = Ticker()
        for name, job in assistant.jobs.items():
            ticker.every(TICK, name, job)
        # Signals stay ours until the end: a second one must not interrupt the first one's work.
        with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
            gc.collect()
            gc.freeze()  # what start-up made stays: looking it through again costs up to a quarter
            ticker.start()
            log.info("tallyman is running", team=assistant.team, partners=len(book.partners))
            async for _ in signals:
                break
            log.info("tallyman is stopping")
            assistant.desk.deliverer.begin_nothing_new()
            await ticker.drain(DRAIN)


def prepare(session: Session, book: Book, clock: Clock) -> None:
    """Makes the database know the book: its partners, and what is to be polled and judged."""
    now = clock()
    partners.sync_book(
        session, [BookPartner(p.key, p.name, p.kind, p.channel) for p in book.partners]
    )
    resolve_what_left(session, book, now)
    source_keys = [entry.key for entry in book.sources]
    sources.follow_from(session, source_keys, now)
    due.schedule_missing(session, DueKind.POLL_SOURCE, dict.fromkeys(source_keys, now))
    due.schedule_missing(session, DueKind.JUDGE_SOURCE, dict.fromkeys(source_keys, now))
    due.schedule_missing(
        session,
        DueKind.JUDGE_TERM,
        {
            term_subject(partner, term): now
            for partner in book.partners
            for term in partner.contract.terms
        },
    )
    due.schedule_missing(
        session, DueKind.JUDGE_MEASURED, dict.fromkeys(measured_subjects(book), now)
    )
    due.schedule_missing(
        session, DueKind.JUDGE_RETURNS, {partner.key: now for partner in book.partners}
    )
    judge_by_changed_book(session, book, now)
    schedule_digests(session, book, now)
    schedule_sweeping(session, now)


@asynccontextmanager
async def listening(settings: Settings, client: AsyncWebClient, desk: Desk) -> AsyncIterator[None]:
    """Hears Slack: over Socket Mode with an app token, over HTTP with a signing secret."""
    # What answers a person may wait for a 429; it is never said twice.
    answering = AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        session=client.session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=2)],
    )
    secret = settings.slack_signing_secret
    app = AsyncApp(
        client=answering,
        signing_secret=secret.get_secret_value() if secret else "",
        request_verification_enabled=secret is not None,
        raise_error_for_unhandled_request=False,
    )
    handlers.register(app, desk)
    if settings.slack_app_token is not None:
        socket = AsyncSocketModeHandler(
            app, settings.slack_app_token.get_secret_value(), web_client=answering
        )
        await socket.connect_async()
        try:
            yield
        finally:
            await socket.close_async()
    elif secret is not None:
        runner = web.AppRunner(app.web_app(EVENTS_PATH))
        await runner.setup()
        await web.TCPSite(runner, settings.tallyman_host, settings.tallyman_port).start()
        try:
            yield
        finally:
            await runner.cleanup()
    else:
        raise NotConfigured(
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: "
            "one of them is needed to hear what people type."
        )
