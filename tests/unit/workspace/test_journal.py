"""What was answered is still there after a kill; what was cut short never was."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.workspace.journal import FILE_NAME, Journal, JournalDamaged, JournalInUse
from bot.workspace.state import (
    Channel,
    ChannelPut,
    ChannelRenumbered,
    Entry,
    FilePut,
    HomePut,
    Message,
    MessageGone,
    MessagePut,
    State,
    StoredFile,
    TokenRevoked,
    View,
)


def message(ts: str, *, thread_ts: str | None = None, text: str = "Late") -> Message:
    return Message(
        channel="C1",
        ts=ts,
        user="U1",
        text=text,
        from_app=True,
        blocks=({"type": "divider", "block_id": "b"},),
        metadata={"event_type": "alert", "event_payload": {"key": "k", "n": 1}},
        thread_ts=thread_ts,
    )


ENTRIES: list[Entry] = [
    ChannelPut(Channel(id="C1", name="ops", members=("U1",), is_private=True)),
    MessagePut(message("1.000100")),
    MessagePut(message("2.000100", thread_ts="1.000100", text="“späti” & <b>\u2028")),
    MessagePut(message("3.000100")),
    MessageGone("C1", "3.000100"),
    FilePut(StoredFile("F1", "a.csv", "A", "U1", 7, "YQ==", ("C1",))),
    HomePut(View("V1", "U1", {"type": "home", "blocks": []}, "h", "V1")),
    ChannelRenumbered("C1", Channel(id="C2", name="ops", members=("U1",), is_ext_shared=True)),
    TokenRevoked(),
]


def write(directory: Path, entries: list[Entry]) -> None:
    journal = Journal(directory)
    journal.open()
    for entry in entries:
        journal.append(entry)
    journal.close()


def read(directory: Path) -> list[Entry]:
    journal = Journal(directory)
    entries = journal.open()
    journal.close()
    return entries


def test_every_kind_of_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, ENTRIES)
    assert read(tmp_path) == ENTRIES


def test_replaying_gives_the_same_state(tmp_path: Path) -> None:
    write(tmp_path, ENTRIES)
    state = State()
    for entry in read(tmp_path):
        state.apply(entry)
    assert list(state.channels) == ["C2"]
    assert [each.ts for each in state.timeline("C2")] == ["1.000100"]
    assert [reply.text for reply in state.replies("C2", "1.000100")] == ["“späti” & <b>\u2028"]
    assert state.last_ts() == "2.000100"
    assert state.token_revoked


def test_an_entry_is_in_the_file_as_soon_as_it_is_appended(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.open()
    journal.append(TokenRevoked())
    assert (tmp_path / FILE_NAME).read_bytes().endswith(b"\n")
    journal.close()


def test_a_last_line_cut_anywhere_loses_that_line_alone(tmp_path: Path) -> None:
    write(tmp_path, ENTRIES[:3])
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    start_of_last = whole[:-1].rfind(b"\n") + 1
    for end in range(start_of_last, len(whole)):
        path.write_bytes(whole[:end])
        assert read(tmp_path) == ENTRIES[:2]
    path.write_bytes(whole[: len(whole) - 3])
    write(tmp_path, ENTRIES[3:4])
    assert read(tmp_path) == [*ENTRIES[:2], ENTRIES[3]]


@given(st.binary(min_size=1, max_size=40).filter(lambda noise: b"\n" not in noise))
def test_a_damaged_line_before_the_last_is_named(noise: bytes) -> None:

    with TemporaryDirectory() as folder:
        directory = Path(folder)
        write(directory, ENTRIES[:1])
        path = directory / FILE_NAME
        path.write_bytes(path.read_bytes() + noise + b"\n")
        with pytest.raises(JournalDamaged, match="line 2"):
            read(directory)


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    first = Journal(tmp_path)
    first.open()
    with pytest.raises(JournalInUse, match="stop it first"):
        Journal(tmp_path).open()
    first.append(TokenRevoked())
    first.close()
    assert read(tmp_path) == [TokenRevoked()]


def test_without_a_directory_nothing_is_kept() -> None:
    journal = Journal(None)
    assert journal.open() == []
    journal.append(TokenRevoked())
    journal.close()
