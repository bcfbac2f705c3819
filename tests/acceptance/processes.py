"""What tests need to run the project's own commands."""

import socket
import sys
from contextlib import closing
from pathlib import Path

TALLYMAN = Path(sys.executable).with_name("tallyman")
MANIFEST = Path(__file__).parents[2] / "manifest.json"


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
