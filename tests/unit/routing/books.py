"""A book with routes, as short as can be."""

from datetime import datetime
from typing import Any

from bot.book.models import Book

HARBOUR, NORTHGATE, OPS = "C0HARBOUR", "C0NORTHGATE", "C0OPS"


def book_with(*routes: dict[str, Any], match: str = "first", **more: Any) -> Book:
    """Two partners, each with a channel of its own."""
    return Book.model_validate(
        {
            "ops_channel": OPS,
            "fallback_channel": "C0LOST",
            "partners": [
                {
                    "key": key,
                    "name": name,
                    "kind": "carrier",
                    "time_zone": "Europe/Berlin",
                    "channel": channel,
                    "account_manager": "U0LENA",
                }
                for key, name, channel in (
                    ("harbour", "Harbour Parcel", HARBOUR),
                    ("northgate", "Northgate Fulfilment", NORTHGATE),
                )
            ],
            "sources": [{"key": "orders", "kind": "folder", "path": "inbox"}],
            "routing": {"match": match, "routes": list(routes)},
            **more,
        }
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")
