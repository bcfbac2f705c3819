"""A file that Slack does not take, told in words."""

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.file_in_words import file_in_words
from bot.workspace.limits import check_message


@given(content=st.text(max_size=20_000), error=st.text(max_size=50))
def test_it_fits_whatever_is_in_it(content: str, error: str) -> None:
    said = file_in_words({"text": "All 9 cases.", "content": content}, error)
    check_message(said["blocks"])
    assert len(said["text"]) <= 4000


def test_what_does_not_fit_is_counted() -> None:
    lines = "\n".join(f"T-{number},on its way" for number in range(400))
    said = file_in_words({"text": "All 400 cases.", "content": lines}, "file_uploads_disabled")
    shown = said["blocks"][1]["elements"][0]["elements"][0]["text"].splitlines()
    [last] = said["blocks"][2]["elements"]
    assert shown[0] == "T-0,on its way"
    assert last["text"] == (
        f"{400 - len(shown)} lines left out. "
        "The file could not be attached: Slack said `file_uploads_disabled`."
    )
