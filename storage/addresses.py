"""Where things are in Slack: renumbered channels, direct messages, the workspace itself."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlmodel import Session, SQLModel, col

from storage.bulk import Prepared
from storage.statements import is_among, upsert
from storage.tables import Address

_WORKSPACE = "workspace"
_TABLE = SQLModel.metadata.tables["address"]
_NAMED = Prepared(select(_TABLE.c.named, _TABLE.c.channel).where(is_among(_TABLE.c.named, "these")))


def channels_now(session: Session, named: Collection[str]) -> dict[str, str]:
    """Those of these ids that Slack has under another one, with that one."""
    return dict(_NAMED.execute(session, these=sorted(named)))


def remember(session: Session, named: str, channel: str) -> None:
    """What was to be found under this name is this channel from now on."""
    session.execute(update(Address).where(col(Address.channel) == named).values(channel=channel))
    insert = upsert(session, _TABLE)
    session.execute(
        insert.values(named=named, channel=channel).on_conflict_do_update(
            index_elements=["named"], set_={"channel": insert.excluded.channel}
        )
    )
    # A channel may get back the id that it had once.
    session.execute(delete(Address).where(col(Address.named) == channel))


def keep_workspace(session: Session, url: str) -> None:
    """Its own address, as `auth.test` gives it: what links to its messages begin with."""
    remember(session, _WORKSPACE, url)


def workspace(session: Session) -> str | None:
    """None before it was ever asked for."""
    return channels_now(session, [_WORKSPACE]).get(_WORKSPACE)
