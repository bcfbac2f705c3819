"""Whether the digests of a book agree with its partners and with each other."""

from bot.book.comparing import keys_of, must_be_one_of, owner_of_channel, texts_at, where
from bot.book.document import Document
from bot.book.faults import Path


def _partners_are_known(document: Document) -> None:
    partners = keys_of(document, "partners")
    for digest in _digests(document):
        for path in document.items_at((*digest, "partners")):
            must_be_one_of(document, path, partners, "partner")


def _a_partners_channel_hears_of_that_partner(document: Document) -> None:
    """Nobody sees a neighbour."""
    for digest in _digests(document):
        owner = owner_of_channel(document, (*digest, "channel"))
        others = [key for key in texts_at(document, (*digest, "partners")) if key != owner]
        if owner is not None and others:
            document.fault(
                (*digest, "partners"),
                f"{document.text_at((*digest, 'channel'))} is the channel of partner {owner}, who "
                f"would read of {', '.join(others)}. Leave `partners` out, or use another channel",
            )


def _one_a_channel_and_rhythm(document: Document) -> None:
    first: dict[tuple[str, str], Path] = {}
    for digest in _digests(document):
        channel = document.text_at((*digest, "channel"))
        if channel is None:
            continue
        rhythm = _rhythm(document, digest)
        known = first.setdefault((channel, rhythm), digest)
        if known != digest:
            document.fault(
                digest,
                f"{channel} has a digest every {rhythm} already: {where(document, known)}. Join "
                "them",
            )


def _only_a_weekly_one_has_a_day(document: Document) -> None:
    for digest in _digests(document):
        day = (*digest, "on")
        if document.text_at(day) is not None and _rhythm(document, digest) == "day":
            document.fault(
                day, "is for a weekly digest: add `every: week` beside it, or leave it out"
            )


def _rhythm(document: Document, digest: Path) -> str:
    return document.text_at((*digest, "every")) or "day"


def _digests(document: Document) -> list[Path]:
    return list(document.items_at(("digests",)))


DIGEST_CHECKS = (
    _partners_are_known,
    _a_partners_channel_hears_of_that_partner,
    _one_a_channel_and_rhythm,
    _only_a_weekly_one_has_a_day,
)
