import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.book import Book, BookError, BookFault, calendar_of, load_book
from bot.book.models import EasyPostEntry, FolderEntry
from storage.vocabulary import PartnerKind

Load = Callable[..., Book]
Faults = Callable[..., list[str]]

EXAMPLE = Path(__file__).parents[3] / "tallyman.example.yaml"
EASYPOST = """\
  - key: easypost
    kind: easypost
    api_key: {key}
"""


def test_the_least_that_is_a_book(load: Load, sound: str, tmp_path: Path) -> None:
    book = load(sound)
    [partner] = book.partners
    assert partner.kind is PartnerKind.CARRIER
    assert partner.calendar.working_days == ("mon", "tue", "wed", "thu", "fri")
    assert partner.calendar.opens == time(8)
    [source] = book.sources
    assert isinstance(source, FolderEntry)
    assert source.path == tmp_path / "inbox"


def test_the_example_is_a_book_without_a_fault() -> None:
    book = load_book(EXAMPLE, {"EASYPOST_API_KEY": "a-key"})
    assert {partner.kind for partner in book.partners} == set(PartnerKind)
    assert book.partners[0].contract.terms[0].target == 0.95
    easypost = book.sources[0]
    assert isinstance(easypost, EasyPostEntry)
    assert easypost.api_key.get_secret_value() == "a-key"
    assert not calendar_of(book.partners[0]).is_working_day(date(2026, 12, 24))


def test_the_example_names_every_field_that_there_is() -> None:
    text = EXAMPLE.read_text("utf-8")
    models = Book.model_json_schema()["$defs"].values()
    names = {name for model in models for name in model.get("properties", ())}
    assert {name for name in names if f"{name}:" not in text} == {"effective_to"}


def test_every_fault_is_told_with_its_line_and_none_hides_another(faults: Faults) -> None:
    said = faults("""\
        ops_channel: C0OPS
        fallback_channel: general
        partners:
          - key: Harbour
            name: Harbour Parcel
            kind: courier
            time_zone: Europe/Berln
            chanel: C0HARBOUR
            account_manager: U0LENA
            calendar: {country: XX, opens: noon}
            contract:
              terms:
                - {metric: on_time_delivry, target: 95%}
                - {metric: otif, target: most}
        sources:
          - {key: orders, kind: ftp}
          - {key: orders, kind: folder, path: inbox, poll_every_minutes: 0}
        matching:
          - {partner: harbor, carrier: HP}
        """)
    assert said == [
        "tallyman.yaml:2: fallback_channel: expected a channel's id, as at the bottom of its "
        "details in Slack: C0123ABCD, not 'general'",
        "tallyman.yaml:4: partners[0].channel: is missing: expected a channel's id, as at the "
        "bottom of its details in Slack: C0123ABCD",
        "tallyman.yaml:4: partners[0].key: expected a short name of small letters, digits, - and "
        "_, not 'Harbour'",
        "tallyman.yaml:6: partners[0].kind: expected one of carrier, 3pl, supplier, not 'courier'. "
        "Did you mean carrier?",
        "tallyman.yaml:7: partners[0].time_zone: unknown time zone 'Europe/Berln': use an IANA "
        "name such as Europe/Berlin. Did you mean Europe/Berlin?",
        "tallyman.yaml:8: partners[0].chanel: unknown field. Did you mean channel?",
        "tallyman.yaml:10: partners[0].calendar.country: no holidays are known for country 'XX': "
        "use its ISO code such as DE",
        "tallyman.yaml:10: partners[0].calendar.opens: expected a time such as 08:00, not 'noon'",
        "tallyman.yaml:13: partners[0].contract.terms[0].metric: unknown KPI 'on_time_delivry'. "
        "Did you mean on_time_delivery?",
        "tallyman.yaml:14: partners[0].contract.terms[1].target: expected a number such as 48, or "
        "a share such as 95% or 0.95, not 'most'",
        "tallyman.yaml:16: sources[0].kind: expected one of easypost, folder, not 'ftp'",
        "tallyman.yaml:17: sources[1].key: 'orders' is the key of another source already: "
        "sources[0].key on line 16",
        "tallyman.yaml:17: sources[1].poll_every_minutes: expected minutes, more than 0, not '0'",
        "tallyman.yaml:19: matching[0].partner: no partner has the key 'harbor'. Did you mean "
        "Harbour?",
    ]


def test_norway_is_a_country_and_eighteen_hundred_no_number(load: Load, sound: str) -> None:
    book = load(
        sound.replace(
            "    channel: C0HARBOUR\n",
            "    channel: C0HARBOUR\n    calendar: {country: NO, opens: 10:00, closes: 18:00}\n",
        )
    )
    calendar = book.partners[0].calendar
    assert (calendar.country, calendar.opens, calendar.closes) == ("NO", time(10), time(18))


def test_a_secret_comes_from_the_environment(load: Load, sound: str) -> None:
    book = load(sound + EASYPOST.format(key="${EP_KEY}"), EP_KEY="hush: #1 ${PATH}")
    source = book.sources[1]
    assert isinstance(source, EasyPostEntry)
    assert source.api_key.get_secret_value() == "hush: #1 ${PATH}"
    assert "hush" not in repr(book)


@pytest.mark.parametrize("key", ["EZAKhush", "'EZAKhush'", "prefix-${EP_KEY}"])
def test_a_secret_in_the_book_is_refused_and_not_repeated(
    faults: Faults, sound: str, key: str
) -> None:
    [said] = faults(sound + EASYPOST.format(key=key), EP_KEY="hush")
    assert said.startswith("tallyman.yaml:16: sources[1].api_key: a secret is written out")
    assert "hush" not in said


def test_a_secret_under_a_misspelt_name_is_not_repeated_either(faults: Faults, sound: str) -> None:
    said = faults(sound + EASYPOST.format(key="${EP_KEY}") + "    apikey: hush\n", EP_KEY="k")
    assert said == ["tallyman.yaml:17: sources[1].apikey: unknown field. Did you mean api_key?"]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "the environment variable EP_KEY is not set: set it"),
        ({"EP_KEY": ""}, "the environment variable EP_KEY is empty: set it"),
    ],
)
def test_a_missing_variable_is_named_once(
    faults: Faults, sound: str, environment: dict[str, str], message: str
) -> None:
    said = faults(sound + EASYPOST.format(key="${EP_KEY}"), **environment)
    assert said == [f"tallyman.yaml:16: sources[1].api_key: {message}"]


def test_what_names_no_variable_is_refused(faults: Faults, sound: str) -> None:
    [said] = faults(sound.replace("path: inbox", "path: ${in-box}/x"))
    assert said.startswith("tallyman.yaml:13: sources[0].path: ${in-box} names no variable")


def test_a_name_given_twice_is_refused(faults: Faults, sound: str) -> None:
    [said] = faults(sound + "ops_channel: C0OTHER\n")
    assert said == "tallyman.yaml:14: ops_channel: given twice: first on line 1. Keep one of them"


NEIGHBOUR = """\
  - key: {key}
    name: {name}
    kind: 3pl
    time_zone: UTC
    channel: {channel}
    account_manager: U0LENA
    aliases: [{alias}]
sources:
"""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"channel": "C0HARBOUR"},
            "partners[1].channel: 'C0HARBOUR' is the channel of another partner already: "
            "partners[0].channel on line 8",
        ),
        (
            {"channel": "C0OPS"},
            "ops_channel: C0OPS is a partner's channel: partners[1].channel on line 14. What is "
            "said here is about every partner: use a channel of your own",
        ),
        (
            {"key": "harbour"},
            "partners[1].key: 'harbour' names another partner already: partners[0].key on line 4. "
            "Give each its own",
        ),
        (
            {"alias": "harbour  PARCEL"},
            "partners[1].aliases[0]: 'harbour  PARCEL' names another partner already: "
            "partners[0].name on line 5. Give each its own",
        ),
    ],
)
def test_partners_share_neither_names_nor_channels(
    faults: Faults, sound: str, changes: dict[str, str], message: str
) -> None:
    neighbour = {"key": "north", "name": "North", "channel": "C0NORTH", "alias": "N"} | changes
    [said] = faults(sound.replace("sources:\n", NEIGHBOUR.format(**neighbour)))
    assert said.partition(": ")[2] == message


def test_a_partner_may_be_called_the_same_twice(load: Load, sound: str) -> None:
    same = {"key": "north", "name": "North", "channel": "C0NORTH", "alias": "NORTH"}
    book = load(sound.replace("sources:\n", NEIGHBOUR.format(**same)))
    assert book.partners[1].aliases == ("NORTH",)


@pytest.mark.parametrize(
    ("calendar", "message"),
    [
        ("{opens: 18:00, closes: 08:00}", "closes at 08:00, which is not after opening at 18:00"),
        ("{country: DE, subdivision: TX}", "country DE has no subdivision 'TX': use one of BB,"),
        ("{subdivision: BY}", "subdivision 'BY' has no country: add `country`"),
        ("{country: de}", "no holidays are known for country 'de'"),
        (
            "{working_days: []}",
            "expected days such as [mon, tue, wed, thu, fri], not an empty list",
        ),
        ("{opens: 08:00Z}", "is a time of the entry's own zone: leave out the offset"),
        (
            "{closed_on: [2026-12-24], open_on: [2026-12-24]}",
            "2026-12-24 is in closed_on and in open_on: leave it in one of them",
        ),
    ],
)
def test_a_calendar_that_nobody_can_work_by(
    faults: Faults, sound: str, calendar: str, message: str
) -> None:
    channel = "    channel: C0HARBOUR\n"
    [said] = faults(sound.replace(channel, f"{channel}    calendar: {calendar}\n"))
    assert "tallyman.yaml:9: partners[0].calendar" in said
    assert message in said


@pytest.mark.parametrize(
    ("term", "target"),
    [
        ("{metric: on_time_delivery, target: 95%}", 0.95),
        ("{metric: on_time_delivery, target: 99.5 %}", 0.995),
        ("{metric: on_time_delivery, target: 0.95}", 0.95),
        ("{metric: dock_to_stock_time, target: 48}", 48),
        ("{metric: pallets_lost_at_sea, target: 2}", 2),
    ],
)
def test_targets_as_people_write_them(load: Load, sound: str, term: str, target: float) -> None:
    channel = "    channel: C0HARBOUR\n"
    book = load(sound.replace(channel, f"{channel}    contract: {{terms: [{term}]}}\n"))
    assert book.partners[0].contract.terms[0].target == target


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("{metric: otif, target: 95}", "otif is a share: write 95% or a number from 0 to 1"),
        ("{metric: otif, target: -1%}", "expected a number such as 48, or a share"),
        ("{metric: otif, target: nan}", "expected a number such as 48, or a share"),
        ("{metric: otif, target: inf %}", "expected a number such as 48, or a share"),
        ("{metric: on-time-delivery, target: 1}", "Did you mean on_time_delivery?"),
        ("{metric: x, target: 1, window: week}", "expected one of calendar_month, not 'week'"),
        ("{metric: x, target: 1, minimum_sample: 0}", "expected a whole number from 1 on"),
        (
            "{metric: x, target: 1, effective_from: 2026-02-01, effective_to: 2026-01-01}",
            "effective_to 2026-01-01 is before effective_from 2026-02-01",
        ),
    ],
)
def test_terms_that_no_contract_could_hold(
    faults: Faults, sound: str, term: str, message: str
) -> None:
    channel = "    channel: C0HARBOUR\n"
    [said] = faults(sound.replace(channel, f"{channel}    contract: {{terms: [{term}]}}\n"))
    assert message in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "tallyman.yaml:1: empty"),
        ("# nothing\n", "tallyman.yaml:1: empty"),
        ("just words", "tallyman.yaml:1: expected fields such as ops_channel"),
        ("- a\n- b\n", "tallyman.yaml:1: expected fields such as ops_channel"),
        ("a: [1\nb: 2\n", "tallyman.yaml:2: not YAML"),
        ('a: 1\nb: "never closed\nc: 2\n', "tallyman.yaml:2: not YAML: while scanning a quoted"),
        ("a: \t- b\n  c\n", "tallyman.yaml:1: not YAML"),
        ("a: 1\n---\nb: 2\n", "tallyman.yaml:2: not YAML"),
        ("a: \x07\n", "tallyman.yaml:1: not YAML"),
        ("[" * 2000, "tallyman.yaml:1: not a book: nested too deeply"),
        ("a: !!python/object/apply:os.getcwd []\n", "is not used in a book: leave it out"),
        ("a: &a [*a]\n", "a[0]: contains itself"),
        ("<<: {a: 1}\n", "expected a plain name before the colon"),
        ("? [a, b]\n: c\n", "expected a plain name before the colon"),
    ],
)
def test_what_is_no_book_at_all(faults: Faults, text: str, message: str) -> None:
    assert any(message in said for said in faults(text))


@pytest.mark.parametrize("name", ["partners", "sources"])
def test_a_list_with_nothing_in_it_is_said_in_plain_words(
    faults: Faults, sound: str, name: str
) -> None:
    without = re.sub(rf"^{name}:\n(?:  .*\n)+", f"{name}: []\n", sound, flags=re.MULTILINE)
    [said] = faults(without)
    assert said.endswith(f" {name}: expected at least one, not an empty list")


def test_a_file_whose_anchors_multiply_is_refused_at_once(faults: Faults) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    said = faults("\n".join(lines))
    assert any("not a book: more than 50,000 values" in fault for fault in said)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: Spedition Müller".encode("latin-1"))
    for path, message in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "is a folder"),
        (latin, "is not UTF-8 at byte 17"),
    ):
        with pytest.raises(BookError, match=message):
            load_book(path, {})


def test_anchors_may_be_shared(load: Load, sound: str) -> None:
    text = sound.replace("    time_zone: Europe/Berlin", "    time_zone: &zone Europe/Berlin")
    source = load(text + "    time_zone: *zone\n").sources[0]
    assert isinstance(source, FolderEntry)
    assert source.time_zone == "Europe/Berlin"


def test_an_absolute_folder_stays_where_it_is(load: Load, sound: str) -> None:
    source = load(sound.replace("path: inbox", "path: ${DROP}/in"), DROP="/srv/drop").sources[0]
    assert isinstance(source, FolderEntry)
    assert source.path == Path("/srv/drop/in")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_whatever_is_damaged_is_told_as_faults_and_never_as_a_crash(
    tmp_path: Path, sound: str, data: st.DataObject
) -> None:
    """Any line replaced by something else: a book, or faults with lines that exist."""
    lines = sound.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    indent = len(lines[at]) - len(lines[at].lstrip())
    instead = data.draw(
        st.text(max_size=12)
        | st.sampled_from(("- x", "key:", "key: [", "name: {a: b}", "path: ${X}", "kind: []"))
    )
    lines[at] = " " * indent + instead
    path = tmp_path / "damaged.yaml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    faults: tuple[BookFault, ...] = ()
    is_a_book = False
    try:
        is_a_book = bool(load_book(path, {}).partners)
    except BookError as error:
        faults = error.faults
    assert is_a_book is not bool(faults)
    last = len(path.read_text("utf-8").splitlines()) + 1
    assert all(1 <= fault.line <= last for fault in faults)
