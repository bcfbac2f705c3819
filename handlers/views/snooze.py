"""The snooze dialogues, of a case and of all of a message: until when, checked before it is
taken."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cases import acting, acting_on_groups
from bot.cases.acting_on_groups import GroupChange
from bot.cases.changes import CaseChange
from bot.cases.on_request import Deed, GroupDeed
from bot.desk import Desk
from bot.messages.modals import (
    GROUP_SNOOZE_CALLBACK,
    SNOOZE_CALLBACK,
    SNOOZE_CUSTOM,
    SNOOZE_DATE_ACTION,
    SNOOZE_DATE_BLOCK,
    SNOOZE_LENGTH_ACTION,
    SNOOZE_LENGTH_BLOCK,
    SNOOZE_TIME_ACTION,
    SNOOZE_TIME_BLOCK,
    TOMORROW_OPENS,
    SnoozeLength,
    snooze_day_hint,
)
from bot.viewer import Viewer
from handlers.inbound import (
    CaseOrigin,
    CaseSubmission,
    GroupOrigin,
    GroupSubmission,
    Submission,
)
from handlers.views.submitting import submit, submit_for_all
from handlers.views.unusable import Unusable

LONGEST_SNOOZE = timedelta(days=366)
_LENGTHS = {
    SnoozeLength.ONE_HOUR: timedelta(hours=1),
    SnoozeLength.FOUR_HOURS: timedelta(hours=4),
    SnoozeLength.WEEK: timedelta(weeks=1),
}


def register(app: AsyncApp, desk: Desk) -> None:
    @app.view(SNOOZE_CALLBACK)
    async def snooze(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = CaseSubmission.model_validate(body)
        try:
            deed = snooze_deed(submission, submission.origin, desk.clock())
        except Unusable as unusable:
            await ack(response_action="errors", errors={unusable.block_id: str(unusable)})
            return
        await submit(SNOOZE_CALLBACK, deed, submission, ack, desk, client)

    @app.view(GROUP_SNOOZE_CALLBACK)
    async def snooze_all(ack: AsyncAck, body: Mapping[str, object], client: AsyncWebClient) -> None:
        submission = GroupSubmission.model_validate(body)
        try:
            deed = group_snooze_deed(submission, submission.origin, desk.clock())
        except Unusable as unusable:
            await ack(response_action="errors", errors={unusable.block_id: str(unusable)})
            return
        await submit_for_all(GROUP_SNOOZE_CALLBACK, deed, submission, ack, desk, client)


def snooze_deed(submission: CaseSubmission, origin: CaseOrigin, now: datetime) -> Deed:
    """Raises Unusable."""
    until = snooze_end(submission, origin, now)
    if until is None:
        return acting.snooze_until_checkpoint
    if _length(submission) is SnoozeLength.PROMISE:
        return acting.snooze_until_promise

    def until_then(session: Session, case_id: int, viewer: Viewer, now: datetime) -> CaseChange:
        return acting.snooze(session, case_id, viewer, now, until)

    return until_then


def group_snooze_deed(submission: GroupSubmission, origin: GroupOrigin, now: datetime) -> GroupDeed:
    """Raises Unusable."""
    until = snooze_end(submission, origin, now)

    def all_of_them(session: Session, alert_id: int, viewer: Viewer, now: datetime) -> GroupChange:
        asked = (session, alert_id, viewer, now)
        if until is None:
            return acting_on_groups.snooze_until_checkpoint(*asked, origin.seen_at)
        return acting_on_groups.snooze(*asked, until, origin.seen_at)

    return all_of_them


def snooze_end(
    submission: Submission, origin: CaseOrigin | GroupOrigin, now: datetime
) -> datetime | None:
    """Dates and times are the partner's; None where no clock ends it. Raises Unusable."""
    zone = ZoneInfo(origin.zone)
    length = _length(submission)
    if length is not SnoozeLength.CUSTOM and _names_an_end(submission):
        raise Unusable(
            SNOOZE_LENGTH_BLOCK,
            f"You gave an end of your own: choose “{SNOOZE_CUSTOM}”, or cancel and begin again.",
        )
    if length in _LENGTHS:
        return now + _LENGTHS[length]
    match length:
        case SnoozeLength.TOMORROW:
            tomorrow = now.astimezone(zone).date() + timedelta(days=1)
            return _instant(tomorrow, time(TOMORROW_OPENS), zone)
        case SnoozeLength.CHECKPOINT:
            return None
        case SnoozeLength.PROMISE:
            if origin.promised_at is None or origin.promised_at <= now:
                raise Unusable(SNOOZE_LENGTH_BLOCK, "The promise has passed: choose another end.")
            return origin.promised_at
        case _:
            return _custom(submission, zone, origin.zone, now)


def _length(submission: Submission) -> SnoozeLength:
    chosen = submission.answer(SNOOZE_LENGTH_BLOCK, SNOOZE_LENGTH_ACTION).selected_option
    if chosen is None or chosen.value not in list(SnoozeLength):
        raise Unusable(SNOOZE_LENGTH_BLOCK, "Choose how long.")
    return SnoozeLength(chosen.value)


def _names_an_end(submission: Submission) -> bool:
    day = submission.answer(SNOOZE_DATE_BLOCK, SNOOZE_DATE_ACTION).selected_date
    at = submission.answer(SNOOZE_TIME_BLOCK, SNOOZE_TIME_ACTION).selected_time
    return bool(day or at)


def _custom(submission: Submission, zone: ZoneInfo, zone_name: str, now: datetime) -> datetime:
    day = submission.answer(SNOOZE_DATE_BLOCK, SNOOZE_DATE_ACTION).selected_date
    at = submission.answer(SNOOZE_TIME_BLOCK, SNOOZE_TIME_ACTION).selected_time
    if not day:
        raise Unusable(SNOOZE_DATE_BLOCK, "Choose the date, too.")
    try:
        chosen_day = date.fromisoformat(day)
        chosen_time = time.fromisoformat(at) if at else time(TOMORROW_OPENS)
    except ValueError:
        raise Unusable(SNOOZE_DATE_BLOCK, "That is no date and time.") from None
    if chosen_day > now.astimezone(zone).date() + LONGEST_SNOOZE:
        raise Unusable(SNOOZE_DATE_BLOCK, "At most a year: resolve it if nobody must look at it.")
    until = _instant(chosen_day, chosen_time, zone)
    if until <= now:
        is_today = chosen_day == now.astimezone(zone).date()
        place = SNOOZE_TIME_BLOCK if is_today else SNOOZE_DATE_BLOCK
        raise Unusable(place, snooze_day_hint(now, zone_name))
    return until


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None), zone).astimezone(UTC)
