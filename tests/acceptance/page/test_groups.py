"""What a person at the page sees of messages that stand for many cases: tables, menus, files."""

from playwright.async_api import Page, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace
from tests.acceptance.page.conftest import OpenPage
from tests.acceptance.page.counter_app import group_of, late

MISSES = "shipment,customer,days late\n" + "".join(
    f"BW-{number},Corvid Supply,{number}\n" for number in range(1, 41)
)


def cell(words: str) -> dict[str, object]:
    return {"type": "raw_text", "text": words}


async def shares(client: AsyncWebClient, channel: str, thread_ts: str | None = None) -> None:
    await client.files_upload_v2(
        filename="misses.csv",
        content=MISSES,
        title="All 40",
        channel=channel,
        thread_ts=thread_ts,
    )


async def scrolls_sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


async def test_one_case_is_picked_out_of_a_hundred(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp
) -> None:
    posted = await client.chat_postMessage(
        channel="C0BRIGHT", text="100 shipments are late", blocks=group_of(100)
    )
    page = await open_page("olivia", "C0BRIGHT")
    group = page.get_by_test_id(f"message-{posted['ts']}")
    menu = group.get_by_role("combobox", name="One case…")

    await menu.click()
    await expect(page.get_by_role("option")).to_have_count(100)
    await menu.press_sequentially("T-42")
    await page.get_by_role("option", name="T-42 · BW-42").click()

    await group.get_by_role("button", name="1 reply").click()
    await expect(page.get_by_test_id("thread")).to_contain_text("@Olivia Marsh took T-42")


async def test_a_list_in_a_thread_is_looked_at_opened_and_taken_home(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="40 shipments are late")
    await shares(client, "C0OPS", root["ts"])
    page = await open_page("olivia", "C0OPS")

    await page.get_by_role("button", name="1 reply").click()
    file = page.get_by_test_id("thread").get_by_role("group", name="File All 40")
    await expect(file).to_contain_text("CSV · 930 bytes · 40 rows")
    await expect(file.get_by_role("cell", name="BW-5", exact=True)).to_be_visible()
    await expect(file).to_contain_text("+ 35 more rows")

    await file.get_by_role("button", name="Open All 40").click()
    opened = page.get_by_role("dialog", name="All 40")
    await expect(opened.get_by_role("row")).to_have_count(41)
    await page.keyboard.press("Escape")
    await expect(opened).to_have_count(0)

    async with page.expect_download() as coming:
        await file.get_by_role("link", name="Download misses.csv").click()
    download = await coming.value
    assert download.suggested_filename == "misses.csv"
    assert (await download.path()).read_text() == MISSES


async def test_a_file_arrives_while_the_page_is_open(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    page = await open_page("olivia", "C0OPS")
    await shares(client, "C0OPS")
    await expect(page.get_by_role("group", name="File All 40")).to_be_in_viewport()


async def test_a_reply_sent_to_the_channel_too_leads_to_its_thread(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    root = await client.chat_postMessage(channel="C0OPS", text="*BW-1* is 3 days late")
    page = await open_page("olivia", "C0OPS")
    await client.chat_postMessage(
        channel="C0OPS", thread_ts=root["ts"], text="Resolved", reply_broadcast=True
    )

    told = page.get_by_role("log", name="Messages in #ops")
    await expect(told).to_contain_text("replied to a thread: BW-1 is 3 days late")
    await told.get_by_role("link", name="BW-1 is 3 days late").click()

    thread = page.get_by_test_id("thread")
    await expect(thread).to_contain_text("Also sent to the channel")
    await expect(thread).to_contain_text("Resolved")


async def test_a_message_to_a_person_has_buttons_that_work(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp, workspace: Workspace
) -> None:
    page = await open_page("olivia", "C0OPS")
    posted = await client.chat_postMessage(
        channel="U0OLIVIA", text="BW-1 is 3 days late", blocks=late("BW-1")
    )
    await expect(page.get_by_test_id("app-unread")).to_have_text("1")
    await page.get_by_test_id("app").click()

    alert = page.get_by_test_id(f"message-{posted['ts']}")
    await alert.get_by_role("button", name="Acknowledge").click()
    await expect(alert).to_contain_text("Acknowledged by @Olivia Marsh")
    assert "Acknowledged" in workspace.person("olivia").app_messages[0].says


async def test_a_wide_table_is_pushed_aside_within_itself(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    rows = [[cell(f"{kind} {number}") for number in range(20)] for kind in ("Column", "Value")]
    for block in (
        {"type": "data_table", "caption": "Wide", "rows": rows},
        {"type": "table", "rows": rows},
    ):
        await client.chat_postMessage(channel="C0OPS", text="Wide", blocks=[block])
    page = await open_page("olivia", "C0OPS")
    await expect(page.get_by_role("table")).to_have_count(2)
    assert not await scrolls_sideways(page)
    await page.set_viewport_size({"width": 640, "height": 800})
    assert not await scrolls_sideways(page)


async def test_figures_written_as_words_are_sorted_by_alphabet_as_slack_does(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    words = [[cell("Late by")], [cell("9 days")], [cell("10 days")]]
    table = {"type": "data_table", "caption": "Misses", "rows": words}
    await client.chat_postMessage(channel="C0OPS", text="2 shipments", blocks=[table])
    page = await open_page("olivia", "C0OPS")
    await page.get_by_role("button", name="Late by").click()
    shown = page.get_by_role("table", name="Misses").locator("tbody th")
    await expect(shown).to_have_text(["10 days", "9 days"])
