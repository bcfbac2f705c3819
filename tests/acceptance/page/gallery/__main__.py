"""Pictures of every message that is said unasked, several on a sheet, to be looked at.

python -m tests.acceptance.page.gallery FOLDER [CHAPTER ...]
"""

import asyncio
import sys
from collections.abc import Collection
from pathlib import Path

from playwright.async_api import async_playwright

from bot.workspace import Workspace
from tests.acceptance.browsing import QUIET, chromium_path
from tests.acceptance.page.gallery.chapters import chapters
from tests.acceptance.page.photographs import contact_sheets
from tests.acceptance.rig import story_setup


async def main(folder: Path, wanted: Collection[str]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET)
        )
        for name, chapter in chapters().items():
            if wanted and name not in wanted:
                continue
            async with Workspace(story_setup()) as workspace:
                for path in await contact_sheets(
                    browser, workspace, name, list(chapter.values()), folder
                ):
                    sys.stdout.write(f"{path}\n")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
