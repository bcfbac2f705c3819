"""Structured logs: an event, its ids, and never a token or a customer's address."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|EZ[AT]K[\w]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_HIDDEN = "[hidden]"


def configure(level: str) -> None:
    """Sends our own and the libraries' logs to standard error, one line each.
    Raises ValueError for a level that does not exist."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_secrets,
                _renderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for talkative in (
        "apscheduler",
        "alembic",
        "httpx",
        "httpcore",
        "aiohttp.access",
        "slack_bolt",
        "slack_sdk",
    ):
        logging.getLogger(talkative).setLevel(max(logging.WARNING, root.level))
    # Bolt finds the token in the environment by itself, beside the client that we give it.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_not_about_unused_token)
    # A tick that finds the one before it still at work is no news.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def _is_not_about_unused_token(record: logging.LogRecord) -> bool:
    return "`token` will be unused" not in record.getMessage()


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Strikes tokens, API keys and passwords of URLs out of every value."""
    return {key: _without_secrets(value) for key, value in event.items()}


def _without_secrets(value: object) -> object:
    return _SECRET.sub(_HIDDEN, value) if isinstance(value, str) else value


def _renderer() -> structlog.types.Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback  # a rich one shows variables
        )
    return structlog.processors.JSONRenderer()
