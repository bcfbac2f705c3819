"""Every message that is said unasked can be looked at on the page, on a narrow screen too."""

import pytest

from bot.workspace import Workspace, WorkspaceSetup
from storage.vocabulary import CaseKind
from tests.acceptance.page.conftest import OpenPage
from tests.acceptance.page.gallery.chapters import chapters
from tests.acceptance.page.photographs import posted
from tests.acceptance.rig import story_setup

CHAPTERS = chapters()
WIDTHS = (1280, 800)
STATES = ("open", "acknowledged", "escalated", "resolved")

# Of what is drawn: a table is wider than its place now and then, and pushed aside within it.
STICKING_OUT = """messages => messages.flatMap(message => {
    const edge = message.getBoundingClientRect().right + 1;
    return [...message.querySelectorAll("*")]
        .filter(one => !one.closest(".table-scroll table"))
        .filter(one => one.getBoundingClientRect().right > edge)
        .map(one => one.outerHTML.slice(0, 200));
})"""


@pytest.fixture
def setup() -> WorkspaceSetup:
    return story_setup()


@pytest.mark.parametrize("state", STATES)
def test_every_kind_is_in_it_alone_and_with_others(state: str) -> None:
    for how in ("single", "group"):
        assert set(CHAPTERS[f"{how}-{state}"]) == {kind.value for kind in CaseKind}


@pytest.mark.parametrize("name", CHAPTERS)
async def test_all_of_it_is_drawn_and_nothing_sticks_out(
    open_page: OpenPage, workspace: Workspace, name: str
) -> None:
    page = await open_page("olivia", "C0OPS")
    said = [{"text": each.text, "blocks": each.blocks} for each in CHAPTERS[name].values()]
    shown = await posted(page, workspace, said)
    drawn = page.locator("[data-testid^=message-]")
    assert await drawn.count() >= len(shown)
    assert await drawn.locator(".unsupported").count() == 0
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        assert not await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert await drawn.evaluate_all(STICKING_OUT) == []
