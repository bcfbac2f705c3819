"""What is logged, as whoever runs Tallyman reads it."""

import os
import subprocess
import sys

START = """
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from bot import logs
logs.configure("INFO")
AsyncApp(client=AsyncWebClient(token="xoxb-one"), signing_secret="")
"""


def test_nobody_is_told_at_every_start_that_their_token_will_be_unused() -> None:
    started = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "SLACK_BOT_TOKEN": "xoxb-one"},
    )
    assert started.stderr == ""
