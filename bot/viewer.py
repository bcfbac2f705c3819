"""Who asks, and what they may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in a place. `partner_key` limits everything they see to that one partner:
    set in a partner's channel, whoever asks, and for the partner's own people everywhere."""

    user_id: str
    partner_key: str | None
    is_internal: bool

    def may_see(self, partner_key: str | None) -> bool:
        """What belongs to no partner (a source's health) is for our own people alone."""
        if self.partner_key is not None:
            return partner_key == self.partner_key
        return self.is_internal
