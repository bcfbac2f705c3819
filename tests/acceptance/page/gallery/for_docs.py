"""The pictures that the docs show: a few messages, each on its own.

python -m tests.acceptance.page.gallery.for_docs docs/messages
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from bot.workspace import Workspace
from tests.acceptance.browsing import QUIET, chromium_path
from tests.acceptance.page.gallery.chapters import chapters
from tests.acceptance.page.photographs import photograph
from tests.acceptance.rig import story_setup

SHOWN = {
    "single": ("single-open", "no_scan"),
    "group": ("mixed", "some-taken"),
    "storm": ("mixed", "storm"),
    "held-back": ("mixed", "held-back"),
    "reminder": ("reminders", "group-again"),
    "digest": ("digests", "ops-week"),
}
"""The chapter and the message, by the name of the picture."""


async def main(folder: Path) -> None:
    told = chapters()
    chosen = {name: told[chapter][message] for name, (chapter, message) in SHOWN.items()}
    said = {name: {"text": each.text, "blocks": each.blocks} for name, each in chosen.items()}
    async with Workspace(story_setup()) as workspace, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        for path in await photograph(browser, workspace, said, folder):
            sys.stdout.write(f"{path}\n")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
