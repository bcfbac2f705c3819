"""Whether Slack lets us listen, asked before anything begins: who listens would try for ever."""

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.checking.explaining import app_token_fault, is_about_token
from bot.settings import Settings
from bot.slack_client import slack_client


class NotHeard(Exception):
    """Slack refuses the app-level token; the text says how to mend it."""


async def require_socket(settings: Settings) -> None:
    """Raises NotHeard. Whatever else is wrong with Slack may pass, and is left to who listens."""
    if settings.slack_app_token is None:
        return
    url = str(settings.slack_api_url)
    async with slack_client(url) as client:
        try:
            await client.apps_connections_open(
                app_token=settings.slack_app_token.get_secret_value()
            )
        except SlackApiError as error:
            if is_about_token(error):
                raise NotHeard(app_token_fault(error, url).sentence) from error
        except (aiohttp.ClientError, TimeoutError):
            return
