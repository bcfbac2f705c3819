"""What was acknowledged stays so, also where the handler fails at once."""

from slack_bolt import BoltResponse
from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.acknowledging import KeptAck


def _take_back(ack: AsyncAck) -> None:
    """As Bolt does where the handler raises."""
    ack.response = None


async def test_an_acknowledgement_is_not_taken_back() -> None:
    ack = KeptAck()
    assert ack.response is None
    given = await ack()
    _take_back(ack)
    assert ack.response is given


async def test_a_failure_before_the_acknowledgement_is_said() -> None:
    ack = KeptAck()
    ack.response = failed = BoltResponse(status=500)
    assert ack.response is failed


async def test_what_a_dialogue_answers_is_kept() -> None:
    ack = KeptAck()
    await ack(response_action="errors", errors={"reason": "Say why."})
    _take_back(ack)
    assert ack.response is not None
    assert "Say why." in (ack.response.body or "")
