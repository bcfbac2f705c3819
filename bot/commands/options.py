"""Options that several commands have."""

from typing import Annotated

import typer

ANY_PORT = 0
HIGHEST_PORT = 65_535

Port = Annotated[
    int,
    typer.Option(min=ANY_PORT, max=HIGHEST_PORT, help="Where its page is; 0 takes a free one."),
]
