"""tallyman run"""

# ruff: noqa: PLC0415

from bot.commands.plainly import fail, plainly


def run() -> None:
    """Run against Slack, until SIGTERM or Ctrl-C."""
    with plainly():
        import anyio

        from bot import logs
        from bot.app import NotConfigured
        from bot.app import run as run_app
        from bot.book import load_book
        from bot.checking.environment import read_environment, read_settings
        from bot.checking.hearing import require_socket
        from storage.migrate import NewerDatabase

        settings = read_settings()
        with plainly(settings, port=settings.tallyman_port):
            book = load_book(settings.tallyman_book, read_environment())
            logs.configure(settings.tallyman_log_level)
            try:
                anyio.run(require_socket, settings)
                anyio.run(run_app, settings, book)
            except NotConfigured as error:
                fail(f"{error} `tallyman check` says what else is missing.")
            except NewerDatabase as error:
                fail(f"Cannot start: {error}.")
