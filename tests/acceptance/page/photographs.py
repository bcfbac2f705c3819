"""Pictures of messages as people see them on the page: each on its own, or several on a sheet.

    python -m tests.acceptance.page.photographs MESSAGES.json FOLDER

MESSAGES.json: {"name": {"text": "...", "blocks": [...]}, ...}, as chat.postMessage takes them.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import anyio
from playwright.async_api import (
    Browser,
    FloatRect,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.blocks import Message
from bot.workspace import Workspace
from tests.acceptance.browsing import QUIET, chromium_path
from tests.acceptance.rig import story_setup

CHANNEL = "C0OPS"
PERSON = "olivia"
WINDOW = ViewportSize(width=1120, height=1400)
ALL_AT_ONCE = ViewportSize(width=1120, height=20_000)
SHEET = 1400  # pixels high, about

Said = Mapping[str, Any]


async def photograph(
    browser: Browser, workspace: Workspace, messages: Mapping[str, Said], folder: Path
) -> list[Path]:
    """One picture a message, named as the message; gives where they are."""
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    async with _page(browser, workspace, WINDOW, 1.5) as page:
        for name, said in messages.items():
            (shown,) = await posted(page, workspace, [said])
            await shown.scroll_into_view_if_needed()
            path = folder / f"{name}.png"
            await shown.screenshot(path=path)
            taken.append(path)
    return taken


async def contact_sheets(
    browser: Browser, workspace: Workspace, name: str, messages: Sequence[Message], folder: Path
) -> list[Path]:
    """The messages below one another, a few on a picture: `name-1.png`, `name-2.png`…"""
    await anyio.Path(folder).mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    async with _page(browser, workspace, ALL_AT_ONCE, 1) as page:
        said = [{"text": each.text, "blocks": each.blocks} for each in messages]
        shown = await posted(page, workspace, said)
        boxes = [box for each in shown if (box := await each.bounding_box())]
        for number, clip in enumerate(_sheets(boxes), start=1):
            path = folder / f"{name}-{number}.png"
            await page.screenshot(path=path, clip=clip)
            taken.append(path)
    return taken


def _sheets(boxes: Iterable[FloatRect]) -> list[FloatRect]:
    """Each as high as its messages."""
    sheets: list[FloatRect] = []
    for box in boxes:
        if sheets and box["y"] + box["height"] - sheets[-1]["y"] <= SHEET:
            sheets[-1]["height"] = box["y"] + box["height"] - sheets[-1]["y"]
        else:
            sheets.append(box)
    return sheets


@asynccontextmanager
async def _page(
    browser: Browser, workspace: Workspace, window: ViewportSize, scale: float
) -> AsyncIterator[Page]:
    page = await browser.new_page(viewport=window, device_scale_factor=scale)
    await page.goto(f"{workspace.url}/#as={PERSON}&channel={CHANNEL}")
    yield page
    await page.close()


async def posted(page: Page, workspace: Workspace, messages: Sequence[Said]) -> list[Locator]:
    """Each as it is shown."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=workspace.setup.bot_token, base_url=workspace.api_url, session=session
        )
        answers = [
            await client.api_call("chat.postMessage", json={"channel": CHANNEL, **dict(said)})
            for said in messages
        ]
    shown = [page.get_by_test_id(f"message-{each['ts']}") for each in answers]
    for each in shown:
        await each.wait_for()
    return shown


async def main(messages: Mapping[str, Said], folder: Path) -> None:
    async with Workspace(story_setup()) as workspace, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        for path in await photograph(browser, workspace, messages, folder):
            sys.stdout.write(f"{path}\n")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])))
