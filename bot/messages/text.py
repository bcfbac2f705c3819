"""Words, numbers and times as people read them, and text from outside made harmless."""

import math
import re
import unicodedata
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ELLIPSIS = "…"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAYS_ALONE = 14  # from this many days on, hours say nothing more
WHOLE_FROM = 1000  # from here on, what comes after the point says nothing more
ENTITY = 5  # characters of the longest of &amp; &lt; &gt;

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}
_END_OF_DAY = time(23, 59)  # a promise given as a date falls in its last minute
_BELLS = re.compile(r"@(?=(?:here|channel|everyone|group)\b)", re.IGNORECASE)
_EMOJI_NAME = re.compile(r":(?=[\w+'-]*[a-z][\w+'-]*:)", re.IGNORECASE)
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,}")


# -- text from outside -------------------------------------------------------


def plain(raw: str) -> str:
    """One line without control, zero-width or direction-changing characters: for plain_text."""
    if raw.isascii() and raw.isprintable():
        return " ".join(raw.split())
    kept = (
        " " if character.isspace() else character
        for character in raw
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join("".join(kept).split())


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe(raw: str, limit: int = 300) -> str:
    """For mrkdwn: the words stay, but ring nobody, link nowhere, and are set plainly."""
    # A huge text costs no more than what is shown of it, give or take what is stripped.
    looked_at = raw[: 4 * limit + 100]
    words = plain(looked_at) + (ELLIPSIS if len(raw) > len(looked_at) else "")
    words = _BELLS.sub("＠", words.translate(_LOOKALIKES))
    words = _EMOJI_NAME.sub("∶", words)
    words = _EDGE_UNDERSCORE.sub("ˍ", words)
    return cut(escape(words), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, an ellipsis last if any had to go, and no entity torn."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    start = kept.rfind("&")
    if start >= 0 and len(kept) - start < ENTITY and ";" not in kept[start:]:
        kept = kept[:start]
    return (kept.rstrip() + ELLIPSIS)[:limit]


def literal(words: str) -> str:
    """Safe words for where Slack reads no markup, as in a table's cell: entities are characters
    again, angle brackets look-alikes."""
    return words.replace("&lt;", "‹").replace("&gt;", "›").replace("&amp;", "&")


def mention(user_id: str | None) -> str:
    """Rings the person; whatever is no user id is only written down."""
    if user_id is None:
        return "somebody"
    return f"<@{user_id}>" if is_user_id(user_id) else safe(user_id, 80)


def is_user_id(said: str) -> bool:
    return _USER_ID.fullmatch(said) is not None


def channel(channel_id: str) -> str:
    return f"<#{channel_id}>" if _CHANNEL_ID.fullmatch(channel_id) else safe(channel_id, 80)


def link(label: str, url: str) -> str:
    """`label` is safe already."""
    return f"<{url.replace('|', '%7C').replace('>', '%3E').replace('<', '%3C')}|{label}>"


# -- numbers -----------------------------------------------------------------


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def ordinal(count: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    is_teen = count % 100 in (11, 12, 13)
    return f"{number(count)}{'th' if is_teen else _ORDINALS.get(count % 10, 'th')}"


def of_all(count: int, total: int) -> str:
    """`41 of 48`, `all 48`, `both`."""
    if count < total:
        return f"{number(count)} of {number(total)}"
    return "both" if total == 2 else f"all {number(total)}"


def number(value: float) -> str:
    """1204 -> `1,204`, 3.25 -> `3.25`, 14.0 -> `14`, 1204.6 -> `1,205`; a true minus sign."""
    if not math.isfinite(value):
        return "unknown"
    if value == int(value) or abs(value) >= WHOLE_FROM:
        shown = f"{abs(round(value)):,}"
    else:
        shown = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
    return f"−{shown}" if value < 0 and shown != "0" else shown


def percentage(share: float) -> str:
    """One decimal where it has one; only all is 100%, and only none is 0%."""
    percent = share * 100
    shown = f"{percent:.1f}".removesuffix(".0")
    if shown == "100" and share < 1:
        return "over 99.9%"
    if shown in ("0", "-0") and share > 0:
        return "under 0.1%"
    return f"{shown}%".replace("-", "−")


def rate(numerator: float, denominator: float) -> str:
    """`82.4% (14 of 17)`; without a denominator `unknown`."""
    if not denominator:
        return "unknown"
    share = percentage(numerator / denominator)
    return f"{share} ({number(numerator)} of {number(denominator)})"


def money(value: float, currency: str | None) -> str:
    if not math.isfinite(value):
        return "unknown"
    shown = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"
    return f"{shown} {safe(currency, 8)}" if currency else shown


# -- times -------------------------------------------------------------------


def span(length: timedelta) -> str:
    """In its two largest units: `2 days 3 hours`, `3 hours 10 minutes`, `45 minutes`."""
    length = abs(length)
    if length < MINUTE:
        return "less than a minute"
    days, rest = divmod(length, DAY)
    hours, minutes = rest // HOUR, rest % HOUR // MINUTE
    if days >= DAYS_ALONE:
        parts = [(days, "day")]
    elif days:
        parts = [(days, "day"), (hours, "hour")]
    else:
        parts = [(hours, "hour"), (minutes, "minute")]
    return " ".join(plural(count, unit) for count, unit in parts if count)


def about(length: timedelta) -> str:
    """As people say it: `3 days`, `8 hours`, `45 minutes`; a second unit only beside a single one
    of the first, `1 day 7 hours`."""
    length = abs(length)
    if length < MINUTE:
        return "less than a minute"
    days, hours = length // DAY, length // HOUR
    if days == 1 or hours == 1:
        return span(length)
    if days:
        return plural(days, "day")
    return plural(hours, "hour") if hours else plural(length // MINUTE, "minute")


def ago(at: datetime, now: datetime) -> str:
    """`3 hours ago`, `in 2 days`, `just now`."""
    length = now - at
    if abs(length) < MINUTE:
        return "just now"
    words = about(length)
    return f"{words} ago" if length > timedelta(0) else f"in {words}"


def place(zone: str) -> str:
    """`Africa/Lagos` -> `in Lagos`, `Etc/UTC` -> `UTC`."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return "UTC" if city in {"UTC", "GMT", "Zulu", "Universal", "UCT"} else f"in {city}"


def day(at: datetime, zone: str, now: datetime) -> str:
    """`Fri 14 Mar`, with its year unless that is the present one."""
    local = in_zone(at, zone)
    shown = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
    is_this_year = local.year == in_zone(now, zone).year
    return shown if is_this_year else f"{shown} {local.year}"


def clock(at: datetime, zone: str) -> str:
    return f"{in_zone(at, zone):%H:%M}"


def moment(at: datetime, zone: str, now: datetime) -> str:
    """`Fri 14 Mar 10:32`, in that zone, which is said elsewhere."""
    return f"{day(at, zone, now)} {clock(at, zone)}"


def promised(at: datetime, zone: str, now: datetime) -> str:
    """`Fri 14 Mar, end of day in Lagos`, `Fri 14 Mar, 16:00 in Lagos`."""
    hour = "end of day" if is_end_of_day(at, zone) else clock(at, zone)
    return f"{day(at, zone, now)}, {hour} {place(zone)}"


def is_end_of_day(at: datetime, zone: str) -> bool:
    """So a promise is kept that was given as a date."""
    return in_zone(at, zone).time() >= _END_OF_DAY


def shortly(at: datetime, zone: str, now: datetime) -> str:
    """As `moment`; on the present day the hour alone."""
    is_today = day(at, zone, now) == day(now, zone, now)
    return clock(at, zone) if is_today else moment(at, zone, now)


def between(begun: datetime, ended: datetime, zone: str, now: datetime) -> str:
    """`Sun 14 Jun 22:05 to Mon 15 Jun 06:55`, `Mon 15 Jun 05:10 to 06:55`."""
    is_one_day = day(begun, zone, now) == day(ended, zone, now)
    end = clock(ended, zone) if is_one_day else moment(ended, zone, now)
    return f"{moment(begun, zone, now)} to {end}"


def days_between(earlier: datetime, later: datetime, zone: str) -> int:
    """Midnights there that lie between."""
    return (in_zone(later, zone).date() - in_zone(earlier, zone).date()).days


def in_zone(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(ZoneInfo(zone))
    except OverflowError:  # carriers write 9999-12-31 for "some day": it has no later hours
        return at


def sentence(words: str) -> str:
    """A first letter in capitals, and a full stop."""
    return capital(ended(words))


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def ended(words: str) -> str:
    """A full stop where nothing else ends it."""
    words = words.strip()
    return words if not words or words[-1] in ".!?…" else words + "."
