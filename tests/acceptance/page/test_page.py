"""What a person at the page sees and can do."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace import Workspace, WorkspaceSetup
from tests.acceptance.page.conftest import OpenPage
from tests.acceptance.page.counter_app import late, mrkdwn, plain

HOSTILE = "<script>window.forged = 1</script> <img src=x onerror='window.forged = 1'> <!channel>"
ESCAPED = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")


async def says(page: Page, text: str) -> None:
    composer = page.get_by_test_id("composer")
    await composer.fill(text)
    await composer.press("Enter")


async def post_alert(client: AsyncWebClient, channel: str, shipment: str) -> str:
    posted = await client.chat_postMessage(
        channel=channel, text=f"{shipment} is 3 days late", blocks=late(shipment)
    )
    ts = posted["ts"]
    assert isinstance(ts, str)
    return ts


async def test_an_alert_arrives_while_the_page_is_open(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    page = await open_page("olivia", "C0BRIGHT")
    await expect(page.get_by_text("the very beginning of #brightwater")).to_be_visible()
    await page.evaluate("window.sinceLoad = true")

    ts = await post_alert(client, "C0BRIGHT", "BW-1")

    alert = page.get_by_test_id(f"message-{ts}")
    await expect(alert).to_contain_text("🔴 BW-1 is 3 days late")
    await expect(alert.get_by_role("button", name="Acknowledge")).to_be_in_viewport()
    assert await page.evaluate("window.sinceLoad")


async def test_a_click_on_a_button_changes_the_message_for_everybody(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp
) -> None:
    ts = await post_alert(client, "C0BRIGHT", "BW-1")
    olivia = await open_page("olivia", "C0BRIGHT")
    petra = await open_page("petra", "C0BRIGHT")

    await olivia.get_by_role("button", name="Acknowledge").click()

    for page in (olivia, petra):
        alert = page.get_by_test_id(f"message-{ts}")
        await expect(alert).to_contain_text("Acknowledged by @Olivia Marsh")
        await expect(alert).to_contain_text("(edited)")
        await expect(alert.get_by_role("button", name="Acknowledge")).to_have_count(0)


async def test_a_button_that_asks_first_does_nothing_until_it_is_agreed_to(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp
) -> None:
    ts = await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    alert = page.get_by_test_id(f"message-{ts}")

    await alert.get_by_role("button", name="Resolve").click()
    await expect(page.get_by_role("alertdialog", name="Resolve it?")).to_be_visible()
    await page.get_by_role("button", name="Not yet").click()
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await expect(alert.get_by_role("button", name="Resolve")).to_be_enabled()

    await alert.get_by_role("button", name="Resolve").click()
    await page.get_by_role("button", name="Resolve it").click()
    await expect(alert).to_contain_text("Resolved")


async def test_a_click_that_nobody_hears_says_so_beside_the_button(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    ts = await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    alert = page.get_by_test_id(f"message-{ts}")

    await alert.get_by_role("button", name="Acknowledge").click()

    await expect(alert.get_by_role("alert")).not_to_be_empty()
    await expect(alert.get_by_role("button", name="Acknowledge")).to_be_enabled()


async def test_commands_complete_by_keyboard_and_the_answer_is_for_me_alone(
    open_page: OpenPage, app: AsyncApp
) -> None:
    olivia = await open_page("olivia", "C0OPS")
    marco = await open_page("marco", "C0OPS")
    composer = olivia.get_by_test_id("composer")

    await composer.press_sequentially("/s")
    suggestions = olivia.get_by_role("listbox", name="Suggestions")
    options = suggestions.get_by_role("option")
    await expect(options.get_by_role("strong")).to_have_text(["/shipment", "/scorecard"])
    await expect(suggestions).to_contain_text("A partner's KPIs against the contract")
    await composer.press("ArrowDown")
    await composer.press("Tab")
    await expect(composer).to_have_value("/scorecard ")
    await expect(suggestions).to_have_count(0)
    await composer.press_sequentially("brightwater")
    await composer.press("Enter")

    answer = olivia.get_by_role("article").filter(has_text="Only visible to you")
    await expect(answer).to_contain_text("On time: 26 of 32, for brightwater")
    await expect(composer).to_have_value("")
    await expect(marco.get_by_role("article")).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss").click()
    await expect(answer).to_have_count(0)


async def test_a_command_that_fails_says_why_and_gives_the_words_back(
    open_page: OpenPage, app: AsyncApp
) -> None:
    page = await open_page("olivia", "C0OPS")

    await says(page, "/scorcard brightwater")

    notice = page.get_by_test_id("notice")
    await expect(notice).to_contain_text("Only visible to you")
    await expect(notice).to_contain_text("/scorcard")
    await expect(page.get_by_test_id("composer")).to_have_value("/scorcard brightwater")


async def test_a_modal_refuses_what_is_missing_and_what_is_wrong_then_takes_it(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp
) -> None:
    await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    await page.get_by_role("button", name="Escalate").click()
    modal = page.get_by_test_id("modal")
    await expect(modal.get_by_role("heading", name="Escalate")).to_be_visible()
    send = modal.get_by_role("button", name="Send")

    await send.click()
    await expect(modal.get_by_test_id("field-reason")).to_contain_text("complete this required")
    await expect(modal.get_by_test_id("field-cause")).to_contain_text("complete this required")

    await modal.get_by_role("textbox", name="Reason").fill("late")
    await modal.get_by_role("combobox", name="Cause").press_sequentially("str")
    await modal.get_by_role("option", name="Strike").click()
    await send.click()
    await expect(modal.get_by_test_id("field-reason")).to_contain_text("Say what you need to know.")
    await expect(modal.get_by_test_id("field-cause").get_by_role("alert")).to_have_count(0)

    await modal.get_by_role("textbox", name="Reason").fill("When does it leave the port?")
    await send.click()
    await expect(modal).to_have_count(0)
    answer = "Escalated (strike): When does it leave the port?"
    await expect(page.get_by_role("article").last).to_contain_text(answer)


async def test_a_view_on_top_of_another_gives_it_back_with_what_was_typed(
    open_page: OpenPage, client: AsyncWebClient, app: AsyncApp
) -> None:
    await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    await page.get_by_role("button", name="Escalate").click()
    modal = page.get_by_test_id("modal")
    reason = modal.get_by_role("textbox", name="Reason")
    await expect(reason).to_be_focused()
    await reason.fill("When does it leave?")

    await modal.get_by_role("button", name="Show the contract").click()
    await expect(modal.get_by_role("heading", name="Contract")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(modal.get_by_role("heading", name="Escalate")).to_be_visible()
    await expect(reason).to_have_value("When does it leave?")

    await page.keyboard.press("Escape")
    await expect(modal).to_have_count(0)


async def test_each_person_sees_their_own_channels_and_no_others(open_page: OpenPage) -> None:
    page = await open_page("olivia")
    await expect(page.get_by_test_id("channel-brightwater")).to_be_visible()
    await expect(page.get_by_test_id("channel-ops")).to_be_visible()
    await expect(page.get_by_test_id("channel-credits")).to_have_count(0)

    await page.get_by_test_id("person-switcher").click()
    await page.get_by_test_id("person-marco").click()
    await expect(page.get_by_test_id("person-switcher")).to_contain_text("Marco Reyes")
    await expect(page.get_by_test_id("channel-credits")).to_be_visible()

    await page.get_by_test_id("person-switcher").click()
    await page.get_by_test_id("person-petra").click()
    await expect(page.get_by_test_id("channel-brightwater")).to_be_visible()
    await expect(page.get_by_test_id("channel-brightwater")).to_have_attribute(
        "aria-current", "page"
    )
    await expect(page.get_by_test_id("channel-ops")).to_have_count(0)
    await expect(page.get_by_test_id("channel-credits")).to_have_count(0)


async def test_a_link_to_a_channel_that_is_not_theirs_shows_them_nothing_of_it(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0CREDITS", text="2% of freight is owed")

    page = await open_page("petra", "C0CREDITS")

    await expect(page.get_by_role("heading", name="brightwater", exact=True)).to_be_visible()
    await expect(page.get_by_text("2% of freight")).to_have_count(0)


async def test_a_shared_channel_and_its_guests_are_marked(open_page: OpenPage) -> None:
    petra = await open_page("petra", "C0BRIGHT")
    await says(petra, "It left Durban this morning")

    olivia = await open_page("olivia", "C0BRIGHT")

    marker = olivia.get_by_test_id("channel-brightwater").get_by_role("img")
    await expect(marker).to_have_accessible_name("shared with another company")
    message = olivia.get_by_role("article").filter(has_text="It left Durban")
    await expect(message).to_contain_text("EXTERNAL")


def hostile_blocks() -> list[dict[str, object]]:
    cell = {"type": "raw_text", "text": HOSTILE}
    rich: dict[str, object] = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": HOSTILE}]}
        ],
    }
    return [
        {"type": "header", "text": plain(HOSTILE)},
        {"type": "section", "text": mrkdwn(ESCAPED), "fields": [mrkdwn(ESCAPED)]},
        {"type": "context", "elements": [mrkdwn(ESCAPED)]},
        {"type": "table", "rows": [[cell, cell], [cell, rich]]},
        rich,
    ]


async def test_text_from_outside_stays_text(open_page: OpenPage, client: AsyncWebClient) -> None:
    page = await open_page("olivia", "C0OPS")

    await says(page, HOSTILE)
    posted = await client.chat_postMessage(channel="C0OPS", text="x", blocks=hostile_blocks())

    typed = page.get_by_role("article").first
    await expect(typed).to_contain_text(HOSTILE)
    shown = page.get_by_test_id(f"message-{posted['ts']}")
    await expect(shown.get_by_text(HOSTILE)).to_have_count(9)
    await expect(page.locator(".broadcast")).to_have_count(0)
    await expect(shown.locator("script, img")).to_have_count(0)
    assert await page.evaluate("window.forged") is None


@pytest.mark.parametrize(
    "address", ["javascript:window.forged=1", "data:text/html,x", "vbscript:x", "/page/state"]
)
async def test_a_link_that_could_act_is_not_a_link(
    open_page: OpenPage, client: AsyncWebClient, address: str
) -> None:
    page = await open_page("olivia", "C0OPS")
    await client.chat_postMessage(channel="C0OPS", text=f"see <{address}|the sheet>")

    message = page.get_by_role("article")
    await expect(message).to_contain_text("the sheet")
    await expect(message.get_by_role("link")).to_have_count(0)


async def test_unread_messages_are_counted_until_the_channel_is_opened(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    page = await open_page("olivia", "C0OPS")
    await expect(page.get_by_test_id("channel-brightwater-unread")).to_have_count(0)

    await post_alert(client, "C0BRIGHT", "BW-1")
    first = page.get_by_test_id("channel-brightwater-unread")
    await expect(first).to_have_text("1")
    await post_alert(client, "C0BRIGHT", "BW-2")
    await expect(first).to_have_text("2")
    await expect(page).to_have_title("(2) ops · " + await page.locator(".team").inner_text())
    await expect(page.get_by_test_id("channel-ops-unread")).to_have_count(0)

    await page.get_by_test_id("channel-brightwater").click()
    await expect(page.get_by_text("BW-2 is 3 days late")).to_be_visible()
    await expect(first).to_have_count(0)

    await page.get_by_test_id("channel-ops").click()
    await post_alert(client, "C0BRIGHT", "BW-3")
    await expect(first).to_have_text("1")
    await page.reload()
    await expect(first).to_have_text("1")


async def test_replies_stay_in_their_thread_and_are_counted_at_its_root(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    ts = await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    root = page.get_by_role("log", name="Messages in #brightwater").get_by_role("article")

    await root.hover()
    await root.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_test_id("thread")
    await expect(thread).to_contain_text("BW-1 is 3 days late")
    composer = thread.get_by_test_id("thread-composer")
    await composer.fill("Held at customs")
    await composer.press("Enter")
    await expect(thread.get_by_role("article").last).to_contain_text("Held at customs")
    await expect(root.get_by_role("button", name="1 reply")).to_be_visible()

    await client.chat_postMessage(channel="C0BRIGHT", thread_ts=ts, text="Noted")
    await expect(thread.get_by_role("article").last).to_contain_text("Noted")
    await expect(root.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(root).to_have_count(1)

    await page.reload()
    await expect(thread.get_by_role("article")).to_have_count(3)
    await thread.get_by_role("button", name="Close thread").click()
    await expect(thread).to_have_count(0)


async def test_from_one_thread_to_the_next_only_the_next_is_shown(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    shipments = ("BW-1", "BW-2", "BW-3")
    for shipment in shipments:
        ts = await post_alert(client, "C0BRIGHT", shipment)
        await client.chat_postMessage(
            channel="C0BRIGHT", thread_ts=ts, text=f"{shipment} was seen in Bremen"
        )
    page = await open_page("olivia", "C0BRIGHT")
    thread = page.get_by_test_id("thread")

    for shipment in (*shipments, "BW-1"):
        alert = page.get_by_role("log").first.get_by_role("article").filter(has_text=shipment)
        await alert.get_by_role("button", name="1 reply").click()

        await expect(thread.get_by_text("was seen in Bremen")).to_have_text(
            [f"{shipment} was seen in Bremen"]
        )
        await expect(thread.get_by_role("log")).to_have_count(1)


async def test_a_command_in_a_thread_is_refused_as_slack_refuses_it(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    await post_alert(client, "C0BRIGHT", "BW-1")
    page = await open_page("olivia", "C0BRIGHT")
    await page.get_by_role("article").hover()
    await page.get_by_role("button", name="Reply in thread").click()
    thread = page.get_by_test_id("thread")

    await thread.get_by_test_id("thread-composer").fill("/scorecard brightwater")
    await thread.get_by_test_id("thread-composer").press("Enter")

    await expect(thread.get_by_test_id("notice")).to_contain_text("isn't available in threads")


async def test_in_a_narrow_window_channels_can_still_be_told_apart(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0BRIGHT", text="BW-1 is 3 days late")
    page = await open_page("olivia", "C0OPS")
    await page.set_viewport_size({"width": 430, "height": 800})

    channel = page.get_by_test_id("channel-brightwater")
    await expect(channel.get_by_label("1 unread")).to_be_in_viewport(ratio=1)
    name = await channel.get_by_text("brightwater").bounding_box()
    assert name is not None
    assert name["width"] >= 40  # px: some six letters
    await expect(page.get_by_test_id("composer")).to_be_in_viewport(ratio=1)


async def test_a_mention_is_typed_by_name_and_sent_by_id(
    open_page: OpenPage, workspace: Workspace
) -> None:
    page = await open_page("olivia", "C0OPS")
    composer = page.get_by_test_id("composer")

    await composer.press_sequentially("ask @mar")
    await composer.press("Enter")
    await expect(composer).to_have_value("ask @marco ")
    await composer.press_sequentially("& @nobody")
    await composer.press("Enter")

    await expect(page.get_by_role("article")).to_contain_text("ask @Marco Reyes & @nobody")
    assert workspace.channel("ops").last.text == "ask <@U0MARCO> &amp; @nobody"


async def test_the_apps_home_is_drawn_and_its_buttons_work(
    open_page: OpenPage, app: AsyncApp
) -> None:
    page = await open_page("olivia", "C0OPS")
    await page.get_by_test_id("app").click()
    home = page.get_by_test_id("home")
    await expect(home.get_by_role("heading", name="Your morning")).to_be_visible()

    await home.get_by_role("button", name="Show worst").click()

    await expect(home).to_contain_text("BW-7 is the worst")


async def test_a_reader_who_scrolled_up_is_left_there_and_told_of_what_is_new(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    for number in range(30):
        await post_alert(client, "C0BRIGHT", f"BW-{number}")
    page = await open_page("olivia", "C0BRIGHT")
    await expect(page.get_by_text("BW-29 is 3 days late")).to_be_in_viewport()

    await page.get_by_text("BW-3 is 3 days late").scroll_into_view_if_needed()
    await post_alert(client, "C0BRIGHT", "BW-30")
    jump = page.get_by_role("button", name="1 new message")
    await expect(jump).to_be_visible()
    await expect(page.get_by_text("BW-3 is 3 days late")).to_be_in_viewport()

    await jump.click()
    await expect(page.get_by_text("BW-30 is 3 days late")).to_be_in_viewport()
    await expect(jump).to_have_count(0)


async def test_a_data_table_is_sorted_and_turned_by_its_reader(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    def row(number: int) -> list[dict[str, object]]:
        days = number * 7 % 10
        return [
            {"type": "raw_text", "text": f"BW-{number}"},
            {"type": "raw_number", "value": days, "text": f"{days} days"},
        ]

    header = [{"type": "raw_text", "text": "Shipment"}, {"type": "raw_text", "text": "Late by"}]
    rows = [header, *(row(number) for number in range(10))]
    table = {"type": "data_table", "caption": "Behind the miss", "page_size": 4, "rows": rows}
    await client.chat_postMessage(channel="C0OPS", text="10 shipments", blocks=[table])
    page = await open_page("olivia", "C0OPS")
    shown = page.get_by_role("table", name="Behind the miss").locator("tbody td")

    await expect(shown).to_have_text(["0 days", "7 days", "4 days", "1 days"])
    await page.get_by_role("button", name="Late by").click()
    await expect(shown).to_have_text(["0 days", "1 days", "2 days", "3 days"])
    await page.get_by_role("button", name="Late by").click()
    await expect(shown).to_have_text(["9 days", "8 days", "7 days", "6 days"])
    await page.get_by_role("button", name="Next page").click()
    await page.get_by_role("button", name="Next page").click()
    await expect(shown).to_have_text(["1 days", "0 days"])
    await expect(page.get_by_role("button", name="Next page")).to_be_disabled()


async def test_a_block_that_the_page_does_not_know_spoils_nothing_else(
    open_page: OpenPage, client: AsyncWebClient
) -> None:
    await post_alert(client, "C0OPS", "BW-1")
    page = await open_page("olivia", "C0OPS")
    alert = page.get_by_role("article")
    await expect(alert).to_contain_text("BW-1 is 3 days late")

    unknown = {"type": "section", "text": {"type": "mrkdwn"}}
    await page.route(
        "**/messages?*",
        lambda route: route.fulfill(
            json={
                "messages": [
                    {"ts": "1.000001", "text": "x", "blocks": [unknown, {"type": "hologram"}]},
                    {"ts": "2.000001", "text": "still here"},
                ]
            }
        ),
    )
    await page.reload()

    await expect(page.get_by_test_id("message-1.000001")).to_contain_text("malformed")
    await expect(page.get_by_test_id("message-1.000001")).to_contain_text("hologram")
    await expect(page.get_by_test_id("message-2.000001")).to_contain_text("still here")


async def test_the_page_catches_up_by_itself_when_the_workspace_was_away(
    open_page: OpenPage, workspace: Workspace, setup: WorkspaceSetup, tmp_path: Path
) -> None:
    page = await open_page("olivia", "C0OPS")
    await says(page, "before the restart")
    await expect(page.get_by_role("article")).to_have_count(1)
    port = int(workspace.url.rpartition(":")[2])

    await workspace.stop()
    again = Workspace(setup, state_dir=tmp_path / "workspace")
    await again.start(port)
    try:
        await again.person("marco").types("#ops", "after the restart")
        await expect(page.get_by_role("article").last).to_contain_text("after the restart")
        await expect(page.get_by_role("article")).to_have_count(2)
    finally:
        await page.close()
        await again.stop()
