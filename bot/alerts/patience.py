"""How long delivery waits for Slack, and for processes that may have died."""

from dataclasses import dataclass

DAY = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds of the world, whatever the speed of the clock."""

    lease: float = 45.0
    """Nobody else touches a message that is being said; outlives a look and a call."""
    call: float = 20.0
    """The longest that one call takes, with its bookkeeping: none begins later in a lease."""
    look_for: float = 10.0
    """Slack's history lags behind a post: only after that is a message known not to be there."""
    look_again_after: float = 2.0
    look_once_more_after: float = 60.0
    """What had to be said again may yet turn up twice: the earlier one is then taken back."""
    wait_when_refused: float = 30.0
    """Between tries while the token is refused, or the workspace takes nothing."""
    claim_again_after: float = 0.25
    """While slow calls are under way: what comes due meanwhile need not wait for them."""
    give_up_after: float = DAY
    """One message that Slack fails at for as long is set aside: others wait behind it."""
    uploads: int = 10
    """How often a file is uploaded before its words are said without it."""
    skew: float = 300.0
    """By how much Slack's clock and ours may differ."""
