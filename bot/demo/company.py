"""The people and channels of the demo's workspace. All of them are invented."""

from pathlib import Path

from bot.demo.partners import PARTNERS
from bot.workspace import ChannelSetup, PersonSetup, Team, WorkspaceSetup

OPS_CHANNEL = "C0OPS"
FALLBACK_CHANNEL = "C0UNDELIVERED"
EVERYBODY = ("U0OLIVIA", "U0MARTIN", "U0AMINA", "U0ANDRE")

PEOPLE = (
    PersonSetup(id="U0OLIVIA", name="olivia", real_name="Olivia Marsh", title="Ops"),
    PersonSetup(id="U0MARTIN", name="martin", real_name="Martin Oduya", title="Manager"),
    PersonSetup(id="U0AMINA", name="amina", real_name="Amina Sel", title="Account manager"),
    PersonSetup(id="U0ANDRE", name="andre", real_name="André Lima", title="Account manager"),
    PersonSetup(
        id="U0PRIYA",
        name="priya",
        real_name="Priya Nair",
        title="Export desk, Aurobindo",
        team_id="T0AUROBINDO",
    ),
)
ACCOUNT_MANAGERS = {
    partner.key: "U0AMINA" if partner.country == "IN" else "U0ANDRE" for partner in PARTNERS
}
SHARED_WITH = {"aurobindo": ("U0PRIYA",)}


def channel_of(partner_key: str) -> str:
    return f"C0{partner_key.upper()}"


def workspace_setup(manifest: Path) -> WorkspaceSetup:
    partners = tuple(
        ChannelSetup(
            id=channel_of(partner.key),
            name=partner.key,
            members=(*EVERYBODY, *SHARED_WITH.get(partner.key, ())),
            is_ext_shared=partner.key in SHARED_WITH,
            topic=f"{partner.name}: delays, breaches, and who acts next",
        )
        for partner in PARTNERS
    )
    ours = (
        ChannelSetup(
            id=OPS_CHANNEL, name="ops", members=EVERYBODY, topic="What concerns all partners"
        ),
        ChannelSetup(
            id=FALLBACK_CHANNEL,
            name="tallyman-undelivered",
            members=EVERYBODY,
            topic="What could not be said where it belongs",
        ),
    )
    return WorkspaceSetup(
        manifest=manifest,
        people=PEOPLE,
        partner_teams=(Team(id="T0AUROBINDO", name="Aurobindo Pharma"),),
        channels=(*ours, *partners),
    )
