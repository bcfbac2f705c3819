"""A book that says something new is judged by at once: what waits until its own next moment was put
off by what the old one said."""

import json
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from bot.book.models import Book, PartnerEntry
from bot.book.thresholds import threshold_table
from bot.judging.catching_up import judge_terms_now
from storage import due, partners
from storage.judging_again import judge_again
from storage.vocabulary import DueKind


def judge_by_changed_book(session: Session, book: Book, now: datetime) -> None:
    """To be called when the book may have changed. Partners of whom it says the same as before
    are left alone."""
    said = {partner.key: _fingerprint(book, partner) for partner in book.partners}
    changed = partners.change_judged_by(session, said)
    if not changed:
        return
    judge_again(session, changed, now)
    terms = [
        (partner, term)
        for partner in book.partners
        if partner.key in changed
        for term in partner.contract.terms
    ]
    judge_terms_now(session, terms, now)
    due.schedule_earlier_many(session, DueKind.JUDGE_RETURNS, dict.fromkeys(changed, now))


def _fingerprint(book: Book, partner: PartnerEntry) -> str:
    """Of its calendar, contract and thresholds, those that are built in included."""
    thresholds = [
        (row.service, row.threshold.name, str(row.setting))
        for row in threshold_table(book.model_copy(update={"partners": (partner,)}))
    ]
    said = partner.model_dump(mode="json", include={"time_zone", "calendar", "contract"})
    return sha256(json.dumps([said, thresholds], sort_keys=True).encode()).hexdigest()
