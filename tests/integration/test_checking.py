"""What `tallyman check` says, with a real workspace, real databases and sources that answer."""

import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from io import StringIO
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url

from bot.book.models import EasyPostEntry
from bot.checking.checklist import check_everything
from bot.checking.database import check_database
from bot.checking.environment import SettingFault
from bot.checking.manifest import manifest_path
from bot.checking.rendering import print_checkup
from bot.checking.results import CheckResult, CheckState, Checkup, without_secrets
from bot.checking.sources import check_source
from bot.settings import Settings
from bot.workspace import ChannelSetup, PersonSetup, Team, Workspace, WorkspaceSetup
from storage import migrate
from storage.database import Database

BOOK = """\
ops_channel: C0OPS
fallback_channel: C0LOST
partners:
  - key: harbour
    name: Harbour Parcel
    kind: carrier
    time_zone: Europe/Berlin
    channel: C0HARBOUR
    account_manager: U0LENA
    contract:
      terms:
        - metric: on_time_delivery
          target: 95%
sources:
  - key: parcels
    kind: folder
    path: parcels
"""

MEMBERS = ("U0LENA",)
OPS = ChannelSetup(id="C0OPS", name="ops", members=MEMBERS)
LOST = ChannelSetup(id="C0LOST", name="lost", members=MEMBERS)
HARBOUR = ChannelSetup(id="C0HARBOUR", name="harbour-parcel", members=MEMBERS)
LENA = PersonSetup(id="U0LENA", name="lena", real_name="Lena Voss")


def a_workspace(*channels: ChannelSetup, manifest: Path | None = None) -> Workspace:
    return Workspace(
        WorkspaceSetup(manifest=manifest or manifest_path(), people=(LENA,), channels=channels)
    )


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with a_workspace(OPS, LOST, HARBOUR) as local:
        yield local


@pytest.fixture
def book_file(tmp_path: Path) -> Path:
    (tmp_path / "parcels").mkdir()
    path = tmp_path / "tallyman.yaml"
    path.write_text(BOOK)
    return path


@pytest.fixture(autouse=True)
def _nothing_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings_for(workspace: Workspace, book_file: Path, **given: object) -> Settings:
    return Settings.model_validate(
        {
            "slack_bot_token": workspace.setup.bot_token,
            "slack_app_token": workspace.setup.app_token,
            "slack_api_url": workspace.api_url,
            "database_url": f"sqlite:///{book_file.parent / 'tallyman.sqlite'}",
            "tallyman_book": book_file,
            **given,
        }
    )


async def checkup_of(settings: Settings, variables: Mapping[str, str] | None = None) -> Checkup:
    return await check_everything(settings, variables or {})


def faults_of(checkup: Checkup) -> list[tuple[str, str]]:
    return [(result.name, result.place) for result in checkup.faults]


def the_fault(checkup: Checkup) -> CheckResult:
    """The only one."""
    (result,) = checkup.faults
    return result


def printed(checkup: Checkup, width: int = 80) -> str:
    text = StringIO()
    print_checkup(checkup, Console(file=text, width=width))
    return text.getvalue()


def write(path: Path, text: str) -> None:
    path.write_text(text)


def remove(path: Path) -> None:
    path.rmdir() if path.is_dir() else path.unlink()


def files_beside(path: Path) -> list[Path]:
    return sorted(path.parent.iterdir())


# -- all is well -------------------------------------------------------------


async def test_when_everything_is_there_it_says_so_of_each_thing(
    workspace: Workspace, book_file: Path
) -> None:
    checkup = await checkup_of(settings_for(workspace, book_file))

    assert checkup.faults == ()
    assert checkup.skipped == ()
    said = {(result.name, result.place): result.message for result in checkup.results}
    assert said["Slack token", "auth.test"] == "Slack knows it: tallyman in Harbour Logistics"
    scopes = json.loads(manifest_path().read_text())["oauth_config"]["scopes"]["bot"]
    assert said["Scopes", "manifest.json"] == f"all {len(scopes)} are granted"
    assert said["Socket Mode", "SLACK_APP_TOKEN"] == "Slack offers a socket"
    assert said["Channels", "C0HARBOUR, partner harbour"].startswith("#harbour-parcel")
    assert said["People", "U0LENA, partner harbour"] == "Lena Voss"
    assert said["Book", str(book_file)] == "1 partner, 1 source, 1 term"
    assert "0 files" in said["Sources", "parcels, folder"]


async def test_it_changes_nothing(workspace: Workspace, book_file: Path) -> None:
    before = files_beside(book_file)

    await checkup_of(settings_for(workspace, book_file))

    assert files_beside(book_file) == before
    assert workspace.socket_mode.connections == 0
    assert workspace.calls["chat.postMessage"] == 0


async def test_the_thresholds_that_hold_are_shown_with_who_says_so(
    workspace: Workspace, book_file: Path
) -> None:
    write(
        book_file,
        BOOK + "thresholds:\n  promise_grace_minutes: 7\n  services:\n"
        "    express:\n      no_scan_after_working_hours: off\n",
    )

    shown = printed(await checkup_of(settings_for(workspace, book_file)))

    rows = [line.split() for line in shown.splitlines()]
    assert ["harbour", "any", "promise_grace_minutes", "7", "minutes", "thresholds"] in rows
    express = next(row for row in rows if row[1:3] == ["express", "no_scan_after_working_hours"])
    assert express == [
        "harbour",
        "express",
        "no_scan_after_working_hours",
        "off",
        "thresholds.services.express",
    ]


# -- the token ---------------------------------------------------------------


async def test_with_nothing_set_the_rest_is_still_looked_at(book_file: Path) -> None:
    checkup = await checkup_of(Settings(tallyman_book=book_file))

    assert faults_of(checkup) == [
        ("Environment", "SLACK_BOT_TOKEN"),
        ("Environment", "SLACK_APP_TOKEN, SLACK_SIGNING_SECRET"),
    ]
    assert {result.name for result in checkup.skipped} == {
        "Slack token",
        "Scopes",
        "Socket Mode",
        "Channels",
        "People",
    }
    assert ("Sources", CheckState.OK) in {(one.name, one.state) for one in checkup.results}
    assert "not checked  every channel of the book: needs the token" in printed(checkup)


async def test_a_wrong_token_is_named_and_never_shown(
    workspace: Workspace, book_file: Path
) -> None:
    settings = settings_for(workspace, book_file, slack_bot_token="xoxb-of-somebody-else")

    checkup = await checkup_of(settings)

    result = the_fault(checkup)
    assert (result.name, "invalid_auth" in result.message) == ("Slack token", True)
    assert "OAuth & Permissions" in result.how_to_mend
    assert [one.name for one in checkup.skipped] == ["Scopes", "Channels", "People"]
    assert "xoxb-of-somebody-else" not in printed(checkup)


async def test_a_revoked_token_is_told_from_a_wrong_one(
    workspace: Workspace, book_file: Path
) -> None:
    workspace.upheavals.revoke_token()

    result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert "was revoked" in result.message


async def test_swapped_tokens_are_noticed(workspace: Workspace, book_file: Path) -> None:
    checkup = await checkup_of(
        settings_for(
            workspace,
            book_file,
            slack_bot_token=workspace.setup.app_token,
            slack_app_token=workspace.setup.bot_token,
        )
    )

    assert faults_of(checkup) == [
        ("Environment", "SLACK_BOT_TOKEN"),
        ("Environment", "SLACK_APP_TOKEN"),
        ("Slack token", "auth.test"),
        ("Socket Mode", "SLACK_APP_TOKEN"),
    ]


async def test_each_scope_that_the_token_lacks_is_named(tmp_path: Path, book_file: Path) -> None:
    described = json.loads(manifest_path().read_text())
    described["oauth_config"]["scopes"]["bot"].remove("users:read")
    described["oauth_config"]["scopes"]["bot"].remove("files:write")
    poorer = tmp_path / "poorer.json"
    write(poorer, json.dumps(described))
    async with a_workspace(OPS, LOST, HARBOUR, manifest=poorer) as workspace:
        checkup = await checkup_of(settings_for(workspace, book_file))

    assert faults_of(checkup) == [
        ("Scopes", "files:write"),
        ("Scopes", "users:read"),
        ("People", "U0LENA, partner harbour"),
    ]
    assert all("reinstall" in result.how_to_mend for result in checkup.faults)


async def test_an_app_token_of_another_app_opens_no_socket(
    workspace: Workspace, book_file: Path
) -> None:
    settings = settings_for(workspace, book_file, slack_app_token="xapp-of-another-app")

    result = the_fault(await checkup_of(settings))

    assert (result.name, result.place) == ("Socket Mode", "SLACK_APP_TOKEN")
    assert "connections:write" in result.how_to_mend


# -- channels and people -----------------------------------------------------


@pytest.mark.parametrize(
    ("harbour", "message", "how_to_mend"),
    [
        (HARBOUR.model_copy(update={"is_archived": True}), "is archived", "unarchive it"),
        (HARBOUR.model_copy(update={"with_app": False}), "is not in #harbour-parcel", "/invite @"),
        (
            HARBOUR.model_copy(update={"with_app": False, "is_private": True}),
            "channel_not_found",
            "/invite @tallyman",
        ),
        (HARBOUR.model_copy(update={"id": "C0HARBOUR2"}), "channel_not_found", "into the book"),
    ],
    ids=["archived", "not a member", "private and not a member", "another id"],
)
async def test_a_channel_that_could_not_be_posted_to(
    harbour: ChannelSetup, message: str, how_to_mend: str, book_file: Path
) -> None:
    async with a_workspace(OPS, LOST, harbour) as workspace:
        result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert (result.name, result.place) == ("Channels", "C0HARBOUR, partner harbour")
    assert message in result.message
    assert how_to_mend in result.how_to_mend


async def test_one_channel_for_two_purposes_is_one_line(
    workspace: Workspace, book_file: Path
) -> None:
    write(book_file, BOOK.replace("C0LOST", "C0OPS"))

    checkup = await checkup_of(settings_for(workspace, book_file))

    places = [result.place for result in checkup.results if result.name == "Channels"]
    assert places == ["C0OPS, ops, fallback", "C0HARBOUR, partner harbour"]


async def test_an_account_manager_whom_nobody_can_call(
    workspace: Workspace, book_file: Path
) -> None:
    write(book_file, BOOK.replace("U0LENA", "U0NOBODY"))
    unknown = the_fault(await checkup_of(settings_for(workspace, book_file)))
    write(book_file, BOOK.replace("U0LENA", workspace.setup.bot_user_id))
    a_bot = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert (unknown.name, "user_not_found" in unknown.message) == ("People", True)
    assert a_bot.message == "Tallyman is a bot"


ROUTES = """\
digests:
  - {channel: C0BOARD, every: week}
routing:
  routes:
    - {name: Big customers, when: {customers: [ACME-17]}, to: [partner, C0BIG, U0MAX]}
"""


async def test_where_digests_and_routes_lead_is_looked_at_too(book_file: Path) -> None:
    board = ChannelSetup(id="C0BOARD", name="board", members=MEMBERS, with_app=False)
    write(book_file, BOOK + ROUTES)
    async with a_workspace(OPS, LOST, HARBOUR, board) as workspace:
        checkup = await checkup_of(settings_for(workspace, book_file))

    assert faults_of(checkup) == [
        ("Channels", "C0BOARD, a weekly digest"),
        ("Channels", "C0BIG, route Big customers"),
        ("People", "U0MAX, route Big customers"),
    ]
    assert "/invite @tallyman" in checkup.faults[0].how_to_mend


async def test_a_person_of_a_partner_is_no_place_for_what_others_do(book_file: Path) -> None:
    write(book_file, BOOK + ROUTES)
    max_of_harbour = PersonSetup(
        id="U0MAX", name="max", real_name="Max Brandt", team_id="T0HARBOUR"
    )
    channels = (
        OPS,
        LOST,
        HARBOUR,
        ChannelSetup(id="C0BOARD", name="board", members=MEMBERS),
        ChannelSetup(id="C0BIG", name="big", members=("U0LENA", "U0MAX"), is_ext_shared=True),
    )
    setup = WorkspaceSetup(
        manifest=manifest_path(),
        partner_teams=(Team(id="T0HARBOUR", name="Harbour Parcel"),),
        people=(LENA, max_of_harbour),
        channels=channels,
    )
    async with Workspace(setup) as workspace:
        result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert (result.name, result.place) == ("People", "U0MAX, route Big customers")
    assert "Max Brandt is a guest or from another company" in result.message
    assert "one of your own people" in result.how_to_mend


async def test_the_routes_are_shown_with_what_becomes_of_the_rest(
    workspace: Workspace, book_file: Path
) -> None:
    without = printed(await checkup_of(settings_for(workspace, book_file)))
    write(book_file, BOOK + ROUTES)
    shown = printed(await checkup_of(settings_for(workspace, book_file)))

    assert "Routes" not in without
    table = shown[shown.index("Routes: ") :].splitlines()
    assert [" ".join(line.split()) for line in table[:4]] == [
        "Routes: the first that holds takes a case",
        "route takes to",
        "Big customers customer ACME-17 its partner's channel, C0BIG, U0MAX",
        "- whatever is left its partner's channel, else C0OPS",
    ]


async def test_slack_asking_for_a_pause_is_waited_for(
    workspace: Workspace, book_file: Path
) -> None:
    workspace.faults.rate_limit("conversations.info", times=2, seconds=0)

    assert (await checkup_of(settings_for(workspace, book_file))).faults == ()
    assert workspace.calls["429"] == 2


async def test_a_slack_that_fails_is_a_fault_of_what_was_asked(
    workspace: Workspace, book_file: Path
) -> None:
    workspace.faults.fail("users.info", times=5)

    result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert result.name == "People"
    assert "internal_error" in result.message


async def test_nobody_at_slacks_address(workspace: Workspace, book_file: Path) -> None:
    await workspace.stop()

    checkup = await checkup_of(settings_for(workspace, book_file))

    assert faults_of(checkup) == [("Slack token", "auth.test"), ("Socket Mode", "SLACK_APP_TOKEN")]
    assert all("SLACK_API_URL" in result.how_to_mend for result in checkup.faults)


@pytest.mark.parametrize("answer", ["<html>Welcome</html>", "[]", '{"ok": true}'])
async def test_something_else_at_slacks_address(
    answer: str, workspace: Workspace, book_file: Path
) -> None:
    async with serving(web.Response(text=answer, content_type="application/json")) as url:
        checkup = await checkup_of(settings_for(workspace, book_file, slack_api_url=f"{url}/api/"))

    assert faults_of(checkup) == [("Slack token", "auth.test"), ("Socket Mode", "SLACK_APP_TOKEN")]


async def test_over_http_the_port_has_to_be_free(workspace: Workspace, book_file: Path) -> None:
    with a_taken_port() as port:
        settings = settings_for(
            workspace,
            book_file,
            slack_app_token=None,
            slack_signing_secret="local-signing-secret",
            tallyman_port=port,
        )
        taken = await checkup_of(settings)
    free = await checkup_of(settings)

    assert the_fault(taken).place == f"127.0.0.1:{port}"
    assert "TALLYMAN_PORT" in the_fault(taken).how_to_mend
    assert free.faults == ()


# -- the book ----------------------------------------------------------------


async def test_every_fault_of_the_book_has_its_line(workspace: Workspace, book_file: Path) -> None:
    write(
        book_file,
        BOOK.replace("Europe/Berlin", "Europe/Berlim").replace("kind: folder", "kind: folders"),
    )

    checkup = await checkup_of(settings_for(workspace, book_file))

    assert faults_of(checkup) == [
        ("Book", f"{book_file}:7 partners[0].time_zone"),
        ("Book", f"{book_file}:16 sources[0].kind"),
    ]
    assert [one.name for one in checkup.skipped] == ["Channels", "People", "Sources"]
    assert ("Scopes", CheckState.OK) in {(one.name, one.state) for one in checkup.results}


async def test_a_book_that_is_not_there(workspace: Workspace, book_file: Path) -> None:
    remove(book_file)

    result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert result.place == str(book_file)
    assert "no such file" in result.message


# -- the database ------------------------------------------------------------


def test_a_server_that_nobody_runs_is_named_without_its_password() -> None:
    with a_taken_port() as port:
        pass
    url = make_url(f"postgresql://tally:s3cret-word@127.0.0.1:{port}/tally")

    (result,) = check_database(url)

    assert result.state is CheckState.FAULT
    assert str(port) in result.message
    assert "DATABASE_URL" in result.how_to_mend
    assert "s3cret-word" not in f"{result.place}{result.message}{result.how_to_mend}"


def test_a_database_that_the_server_does_not_have(empty_postgres_url: URL) -> None:
    (result,) = check_database(empty_postgres_url.set(database="nobodys"))

    assert result.state is CheckState.FAULT
    assert "nobodys" in result.message


def test_a_new_database_waits_for_its_migrations_and_an_old_one_for_none(
    empty_postgres_url: URL,
) -> None:
    answers, waiting = check_database(empty_postgres_url)
    database = Database(empty_postgres_url)
    names = list(migrate.pending(database))
    migrate.upgrade(database)
    database.close()
    _, done = check_database(empty_postgres_url)

    assert answers.message == "answers"
    assert names
    assert all(name in waiting.message for name in names)
    assert done.message == "all applied"


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tallyman.sqlite'}")
    migrate.upgrade(database)
    with database.transaction() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    (result,) = check_database(database.url)

    assert (result.state, result.place) == (CheckState.FAULT, "migrations")
    assert "9999" in result.message


def test_a_file_that_could_not_be_made(tmp_path: Path) -> None:
    (no_folder,) = check_database(make_url(f"sqlite:///{tmp_path}/gone/tallyman.sqlite"))

    assert no_folder.state is CheckState.FAULT
    assert f"no folder {tmp_path}/gone" in no_folder.message


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "tallyman.sqlite"
    path.write_text("Dear diary, " * 100)

    (result,) = check_database(make_url(f"sqlite:///{path}"))

    assert result.state is CheckState.FAULT
    assert "not a database" in result.message


# -- sources -----------------------------------------------------------------


async def test_a_provider_that_refuses_the_key(workspace: Workspace, book_file: Path) -> None:
    async with serving(
        web.json_response({"error": {"code": "APIKEY.INACTIVE"}}, status=401)
    ) as url:
        write(
            book_file,
            f"{BOOK}  - key: trackers\n    kind: easypost\n    url: {url}/v2\n"
            "    api_key: ${EASYPOST_API_KEY}\n",
        )
        checkup = await checkup_of(
            settings_for(workspace, book_file), {"EASYPOST_API_KEY": "EZAKwrongwrongwrong"}
        )

    result = the_fault(checkup)
    assert (result.name, result.place) == ("Sources", "trackers, easypost")
    assert "401" in result.message
    assert "EZAKwrongwrongwrong" not in printed(checkup)


async def test_a_provider_that_never_answers() -> None:
    with a_taken_port() as port:
        entry = EasyPostEntry.model_validate(
            {
                "key": "trackers",
                "kind": "easypost",
                "url": f"http://127.0.0.1:{port}/v2",
                "api_key": "EZAKsomething",
            }
        )
        result = await check_source(entry, patience=0.2)

    assert result.state is CheckState.FAULT
    assert "no answer within 0.2 s" in result.message


async def test_a_folder_that_is_not_there(workspace: Workspace, book_file: Path) -> None:
    remove(book_file.parent / "parcels")

    result = the_fault(await checkup_of(settings_for(workspace, book_file)))

    assert (result.name, result.place) == ("Sources", "parcels, folder")
    assert "parcels" in result.message


# -- on the terminal ---------------------------------------------------------


async def test_a_variable_that_could_not_be_read_is_a_fault_too(
    workspace: Workspace, book_file: Path
) -> None:
    refused = (SettingFault("TALLYMAN_PORT", "expected a port number such as 3000, not 'x'"),)

    checkup = await check_everything(settings_for(workspace, book_file), {}, refused)

    assert faults_of(checkup) == [("Environment", "TALLYMAN_PORT")]
    shown = printed(checkup)
    assert "✗ FAULT  TALLYMAN_PORT: expected a port number" in shown
    assert "would not do all its work. See above: Environment." in shown


words = st.text(min_size=1).filter(lambda text: text.strip())
names = st.sampled_from(["Channels", "Sources"])
results = st.builds(CheckResult, names, words, st.sampled_from(CheckState), words, st.text())


@given(st.lists(results, max_size=5), st.integers(min_value=1, max_value=200))
def test_at_any_width_each_thing_is_one_whole_line_without_colour(
    listed: list[CheckResult], width: int
) -> None:
    checkup = Checkup(tuple(listed))

    wide, narrow = printed(checkup, 10_000), printed(checkup, width)

    assert narrow == wide
    assert "\x1b" not in wide
    marks = ("  ✓ ok  ", "  ✗ FAULT  ", "  - not checked  ")
    assert sum(line.startswith(marks) for line in wide.split("\n")) == len(listed)


@given(results, st.text("abcdefgh-", min_size=12))
def test_a_secret_is_struck_out_wherever_it_turns_up(result: CheckResult, secret: str) -> None:
    leaking = CheckResult(
        result.name, f"at {secret}", result.state, f"{result.message}{secret}", f"{secret}!"
    )

    shown = without_secrets(leaking, [secret])

    assert secret not in f"{shown.place}\n{shown.message}\n{shown.how_to_mend}"
    assert shown.place == "at [hidden]"


# -- stand-ins ---------------------------------------------------------------


@asynccontextmanager
async def serving(answer: web.Response) -> AsyncIterator[str]:
    """A server that has one answer to everything."""

    async def say(_request: web.Request) -> web.Response:
        return web.Response(
            body=answer.body, status=answer.status, content_type=answer.content_type
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", say)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def a_taken_port() -> Iterator[int]:
    """Somebody listens there, and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]
