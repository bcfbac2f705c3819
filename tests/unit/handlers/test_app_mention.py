"""What was written beside the mention, as it was typed."""

import pytest

from handlers.events.app_mention import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U0TALLYMAN> shipment 123", "shipment 123"),
        ("<@U0TALLYMAN|tallyman> help", "help"),
        ("please <@U0TALLYMAN> help", "please   help"),
        ("<@U0TALLYMAN>", ""),
        ("<@U0TALLYMAN> shipment A&amp;B &lt;1&gt;", "shipment A&B <1>"),
        ("<@U0TALLYMAN> shipment <!here>", "shipment <!here>"),
        ("<@U0TALLYMAN> ask <@U0OLIVIA>", "ask <@U0OLIVIA>"),
    ],
)
def test_only_the_mention_goes(text: str, words: str) -> None:
    assert words_of(text) == words
