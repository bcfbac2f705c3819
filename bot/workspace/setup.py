"""Who and what a workspace on this machine is made of, given before it starts."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Team(Part):
    id: str = Field(pattern=r"^T[A-Z0-9]+$")
    name: str
    domain: str = "tallyman-local"


class PersonSetup(Part):
    """A person; `team_id` names another company for people of a partner (None: our own)."""

    id: str = Field(pattern=r"^[UW][A-Z0-9]+$")
    name: str
    real_name: str
    title: str = ""
    team_id: str | None = None
    tz: str = "Etc/UTC"


class ChannelSetup(Part):
    id: str = Field(pattern=r"^[CG][A-Z0-9]+$")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")
    members: tuple[str, ...] = ()  # ids of people; the app's own bot is `with_app`
    with_app: bool = True
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    topic: str = ""


class PaceSetup(Part):
    """Slack's limits; a demo that runs a day in two seconds may ask for higher ones."""

    posts_per_second: float = Field(default=1.0, gt=0)  # per channel
    post_burst: int = Field(default=4, ge=1)  # posts that a quiet channel takes at once
    workspace_posts_per_minute: int = Field(default=300, ge=1)
    tier_per_minute: dict[int, int] = {1: 1, 2: 20, 3: 50, 4: 100}


class WorkspaceSetup(Part):
    """Everything about a workspace that doesn't change while it runs."""

    manifest: Path
    people: tuple[PersonSetup, ...]
    channels: tuple[ChannelSetup, ...]
    team: Team = Team(id="T0TALLYMAN", name="Harbour Logistics")
    partner_teams: tuple[Team, ...] = ()
    bot_token: str = "xoxb-local-workspace"  # noqa: S105 - opens nothing but this workspace
    app_token: str = "xapp-local-workspace"  # noqa: S105 - likewise
    signing_secret: str = "local-signing-secret"  # noqa: S105 - likewise
    app_id: str = "A0TALLYMAN"
    bot_user_id: str = "U0TALLYMAN"
    bot_id: str = "B0TALLYMAN"
    request_url: str | None = None  # HTTP mode: where the app listens; None: Socket Mode
    ack_seconds: float = Field(default=3.0, gt=0)
    trigger_seconds: float = Field(default=3.0, gt=0)  # in which it may open a modal
    refused_blocks: frozenset[str] = frozenset()  # types that this plan doesn't have
    redelivery_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)  # pauses before each redelivery
    pace: PaceSetup = PaceSetup()

    @model_validator(mode="after")
    def _everybody_is_known(self) -> "WorkspaceSetup":
        known = {person.id: person for person in self.people}
        if len(known) != len(self.people):
            raise ValueError("two people have the same id")
        teams = {team.id for team in self.partner_teams}
        for person in self.people:
            if person.team_id not in (None, self.team.id) and person.team_id not in teams:
                raise ValueError(f"{person.name}: team {person.team_id} isn't in partner_teams")
        for label, values in (
            ("id", [channel.id for channel in self.channels]),
            ("name", [channel.name for channel in self.channels]),
        ):
            if len(set(values)) != len(values):
                raise ValueError(f"two channels have the same {label}")
        for channel in self.channels:
            for member in channel.members:
                if member not in known:
                    raise ValueError(f"#{channel.name}: nobody has the id {member}")
                if self.is_external(known[member]) and not channel.is_ext_shared:
                    raise ValueError(
                        f"#{channel.name}: {known[member].name} is from another company, "
                        "the channel isn't is_ext_shared"
                    )
        return self

    def is_external(self, person: PersonSetup) -> bool:
        return person.team_id not in (None, self.team.id)
