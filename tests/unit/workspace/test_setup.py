"""A workspace that couldn't be in Slack is refused before it starts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.workspace import ChannelSetup, PersonSetup, Team, WorkspaceSetup
from bot.workspace.manifest import Manifest

MANIFEST = Path(__file__).parents[3] / "manifest.json"
OLIVIA = PersonSetup(id="U1", name="olivia", real_name="Olivia Marsh")
PETRA = PersonSetup(id="U2", name="petra", real_name="Petra Holm", team_id="T0BRIGHT")


def room(
    *members: str, name: str = "ops", channel_id: str = "C1", shared: bool = False
) -> ChannelSetup:
    return ChannelSetup(id=channel_id, name=name, members=members, is_ext_shared=shared)


def built(
    people: tuple[PersonSetup, ...],
    channels: tuple[ChannelSetup, ...],
    teams: tuple[Team, ...] = (Team(id="T0BRIGHT", name="Brightwater"),),
) -> WorkspaceSetup:
    return WorkspaceSetup(manifest=MANIFEST, people=people, channels=channels, partner_teams=teams)


def test_people_from_outside_are_in_shared_channels_only() -> None:
    assert built((OLIVIA, PETRA), (room("U1", "U2", shared=True),)).people[1] is not None
    with pytest.raises(ValidationError, match="petra is from another company"):
        built((OLIVIA, PETRA), (room("U1", "U2"),))


@pytest.mark.parametrize(
    ("people", "channels", "fault"),
    [
        ((OLIVIA, OLIVIA), (), "two people"),
        ((PETRA,), (), "isn't in partner_teams"),
        ((OLIVIA,), (room("U9"),), "nobody has the id U9"),
        ((OLIVIA,), (room("U1"), room("U1", name="b")), "two channels have the same id"),
        ((OLIVIA,), (room("U1"), room("U1", channel_id="C2")), "two channels have the same name"),
    ],
)
def test_what_does_not_fit_together_is_named(
    people: tuple[PersonSetup, ...], channels: tuple[ChannelSetup, ...], fault: str
) -> None:
    with pytest.raises(ValidationError, match=fault):
        built(people, channels, ())


def test_the_projects_manifest_is_one_that_slack_takes() -> None:
    manifest = Manifest.read(MANIFEST)
    assert {"chat:write", "commands"} <= manifest.scopes
    assert "/scorecard" in {command.command for command in manifest.commands}
    assert "app_mention" in manifest.events


@pytest.mark.parametrize("command", ["/status", "/topic", "/" + "x" * 32, "/Shipment", "shipment"])
def test_a_command_that_slack_keeps_or_cannot_read_is_refused(tmp_path: Path, command: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(MANIFEST.read_text().replace("/scorecard", command))
    with pytest.raises(ValidationError, match="command"):
        Manifest.read(path)
