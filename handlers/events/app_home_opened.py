"""The home tab: published anew whenever somebody opens it."""

from collections.abc import Mapping

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.lookups.home import home
from handlers.handling import handled
from handlers.inbound import HomeOpened
from handlers.people import viewer_of


def register(app: AsyncApp, desk: Desk) -> None:
    @app.event("app_home_opened")
    async def app_home_opened(event: Mapping[str, object], client: AsyncWebClient) -> None:
        opened = HomeOpened.model_validate(event)
        if opened.tab != "home":
            return
        with handled("app_home_opened", opened.user, None):
            viewer = await viewer_of(desk, client, opened.user, None, None)
            view = await desk.database.read(home, desk.book, viewer, desk.clock())
            await client.views_publish(user_id=opened.user, view=view)
