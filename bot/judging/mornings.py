"""When what is judged once a day is judged."""

from datetime import UTC, datetime, time, timedelta

from bot.book.models import PartnerEntry

MORNING = time(6)  # before the working day: corrections arrive late


def next_morning(partner: PartnerEntry, now: datetime) -> datetime:
    """Tomorrow's, in the partner's zone."""
    tomorrow = now.astimezone(partner.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, partner.zone).astimezone(UTC)
