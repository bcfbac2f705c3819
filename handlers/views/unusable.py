"""What was filled in and cannot be used."""


class Unusable(Exception):
    """Names the place in the dialogue, and says why."""

    def __init__(self, block_id: str, why: str) -> None:
        super().__init__(why)
        self.block_id = block_id
