"""What a mention and a direct message share: the answer to what was written."""

from bot.desk import Desk
from bot.lookups import questions
from bot.lookups.threads import said_in_thread
from bot.messages.blocks import Message
from bot.messages.by_mention import by_mention
from bot.viewer import Viewer
from handlers.inbound import Said


async def answer_to(said: Said, words: str, desk: Desk, viewer: Viewer) -> Message:
    """`words` are those of `said` that ask; in the thread of an alert, about its cases."""
    if said.thread_ts is None:
        answer = await questions.said(desk, viewer, words)
    else:
        answer = await said_in_thread(desk, viewer, words, said.channel, said.thread_ts)
    return answer if viewer.is_internal else by_mention(answer)
