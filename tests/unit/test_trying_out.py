"""A workspace to try one's own book in, before there is a Slack for it."""

from pathlib import Path

from bot.book import load_book
from bot.trying_out import setup_for

EXAMPLE = Path(__file__).parents[2] / "tallyman.example.yaml"


def test_it_is_the_companys_own_and_names_everybody_by_all_that_they_do() -> None:
    setup = setup_for(load_book(EXAMPLE, {"EASYPOST_API_KEY": "EZ"}))

    assert setup.team.name == "Meridian Health"
    assert {person.id: person.real_name for person in setup.people} == {
        "U0LENA": "Account manager of Harbour Parcel and Lakshmi Textiles",
        "U0MARCO": "Account manager of Northgate Fulfilment",
    }


def test_whoever_only_a_route_leads_to_is_there_too(tmp_path: Path) -> None:
    path = tmp_path / "tallyman.yaml"
    path.write_text(EXAMPLE.read_text().replace("C0BIGDEALS, U0MARCO]", "C0BIGDEALS, U0NINA]"))

    setup = setup_for(load_book(path, {"EASYPOST_API_KEY": "EZ"}))

    named = {person.id: person.real_name for person in setup.people}
    assert named["U0NINA"] == "For route Big customers"
    assert all("U0NINA" in channel.members for channel in setup.channels)
