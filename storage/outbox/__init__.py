"""Every word that we owe Slack: owed, claimed, said, and what became of it.

Within a lane one is said at a time: the more urgent first, then the lower id.
"""

from storage.outbox.claiming import Try, claim, tries_since
from storage.outbox.dead_letters import count_dead, drop, list_dead, retry
from storage.outbox.owing import Owed, put, put_many
from storage.outbox.reading import count_waiting, get, list_unsent
from storage.outbox.settling import (
    mark_dead,
    mark_sent,
    put_back,
    repeat_newest_edit,
    rewrite,
    tell_instead_of_file,
)
from storage.outbox.sweeping import sweep
from storage.outbox.turning import direct_message_opened, post_anew, redirect

__all__ = [
    "Owed",
    "Try",
    "claim",
    "count_dead",
    "count_waiting",
    "direct_message_opened",
    "drop",
    "get",
    "list_dead",
    "list_unsent",
    "mark_dead",
    "mark_sent",
    "post_anew",
    "put",
    "put_back",
    "put_many",
    "redirect",
    "repeat_newest_edit",
    "retry",
    "rewrite",
    "sweep",
    "tell_instead_of_file",
    "tries_since",
]
