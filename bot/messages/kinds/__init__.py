"""The words of each kind of case: a module per part of the journey, a kind in one place."""

from collections.abc import Mapping

from bot.messages.kinds import (
    before,
    contract,
    feed,
    kpi_feed,
    last_mile,
    on_the_way,
    promise,
    way_back,
)
from bot.messages.kinds.kind_words import KindWords
from storage.vocabulary import CaseKind

_WORDS: Mapping[CaseKind, KindWords] = {
    **before.WORDS,
    **on_the_way.WORDS,
    **last_mile.WORDS,
    **promise.WORDS,
    **way_back.WORDS,
    **contract.WORDS,
    **feed.WORDS,
    **kpi_feed.WORDS,
}


def words_of(kind: CaseKind) -> KindWords:
    return _WORDS[kind]
