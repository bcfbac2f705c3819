"""A local workspace to try Tallyman out in: as a file describes it, or as the book needs it."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from bot.book.models import Book
from bot.book.places import channels_of, people_of
from bot.checking.manifest import manifest_path
from bot.workspace import ChannelSetup, PersonSetup, WorkspaceSetup


class SetupRefused(Exception):
    """The file describes no workspace; a line for each fault."""


def setup_from(path: Path) -> WorkspaceSetup:
    """From YAML or JSON, in the words of WorkspaceSetup. Without a `manifest` it has ours.
    Raises SetupRefused, or OSError if the file can't be read."""
    try:
        described = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupRefused(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(described, dict):
        raise SetupRefused(f"{path}: expected people and channels, as in WorkspaceSetup")
    given = described.get("manifest")
    manifest = path.parent / given if isinstance(given, str) else manifest_path()
    try:
        return WorkspaceSetup.model_validate({**described, "manifest": manifest})
    except ValidationError as error:
        lines = (
            f"{path}: {'.'.join(map(str, one['loc'])) or 'workspace'}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise SetupRefused("\n".join(lines)) from error


def setup_for(book: Book) -> WorkspaceSetup:
    """Every channel of the book, with the bot and everybody in it whom the book names."""
    names = {person: f"For {uses}" for person, uses in people_of(book).items()}
    for person, managed in _managed_by(book).items():
        names[person] = f"Account manager of {' and '.join(managed)}"
    people = tuple(
        PersonSetup(id=person, name=person.lower(), real_name=name)
        for person, name in names.items()
    )
    channels = tuple(
        ChannelSetup(id=channel, name=name, members=tuple(names))
        for channel, name in _channel_names(book).items()
    )
    setup = WorkspaceSetup(manifest=manifest_path(), people=people, channels=channels)
    if book.company is None:
        return setup
    return setup.model_copy(update={"team": setup.team.model_copy(update={"name": book.company})})


def _managed_by(book: Book) -> dict[str, list[str]]:
    """The names of each account manager's partners."""
    managed: dict[str, list[str]] = {}
    for partner in book.partners:
        managed.setdefault(partner.account_manager, []).append(partner.name)
    return managed


def _channel_names(book: Book) -> dict[str, str]:
    return (
        {channel: channel.lower() for channel in channels_of(book)}
        | {partner.channel: partner.key for partner in book.partners}
        | {book.fallback_channel: "tallyman-fallback"}
        | {book.ops_channel: "tallyman-ops"}
    )
