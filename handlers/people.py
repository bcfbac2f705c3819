"""Who asks, and therefore what they may see."""

from dataclasses import replace

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.viewer import Viewer
from handlers.inbound import Person


async def viewer_of(
    desk: Desk, client: AsyncWebClient, user_id: str, team_id: str | None, channel: str | None
) -> Viewer:
    """`team_id` None: the event does not say, and Slack is asked.

    Where no channel narrows what they see, Slack is asked too whether they are a guest: guests
    bear our team's id, and are from outside.
    """
    viewer = await desk.viewer(user_id, team_id, channel)
    if viewer.partner_key is not None and team_id is not None:
        return viewer
    if team_id is not None and not viewer.is_internal:
        return viewer
    return replace(viewer, is_internal=await _is_our_own(desk, client, user_id))


async def certain_viewer_of(
    desk: Desk, client: AsyncWebClient, user_id: str, team_id: str | None, channel: str | None
) -> Viewer:
    """For what our own people alone may do: in a partner's channel, too, Slack is asked whether
    they are a guest."""
    viewer = await desk.viewer(user_id, team_id, channel)
    if team_id is not None and not viewer.is_internal:
        return viewer
    return replace(viewer, is_internal=await _is_our_own(desk, client, user_id))


async def _is_our_own(desk: Desk, client: AsyncWebClient, user_id: str) -> bool:
    answer = await client.users_info(user=user_id)
    return Person.model_validate(answer["user"]).is_our_own(desk.team_id)
