"""Thresholds and calendars, resolved once for each partner and service."""

from bot.book import calendar_of, thresholds_for
from bot.book.models import Book
from bot.calendars import WorkingCalendar
from bot.rules.policy import Policy


class Policies:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._partners = {partner.key: partner for partner in book.partners}
        self._calendars = {partner.key: calendar_of(partner) for partner in book.partners}
        self._known: dict[tuple[str, str | None], Policy] = {}

    def calendar(self, partner_key: str) -> WorkingCalendar:
        """KeyError for a partner that is not in the book."""
        return self._calendars[partner_key]

    def of(self, partner_key: str, service: str | None) -> Policy | None:
        """None for a partner that is no longer in the book."""
        partner = self._partners.get(partner_key)
        if partner is None:
            return None
        known = self._known.get((partner_key, service))
        if known is None:
            thresholds = thresholds_for(self._book, partner, service)
            known = Policy(thresholds, self._calendars[partner_key])
            self._known[partner_key, service] = known
        return known
