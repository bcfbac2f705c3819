"""A channel gets another id: what is said there, and what is still owed, follows it."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage import alerts, channels, outbox, partners
from storage.database import Database
from storage.partners import BookPartner
from storage.vocabulary import OutboxMethod, OutboxState, PartnerKind

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
BOOK = [
    BookPartner("corvid", "Corvid Supply", PartnerKind.SUPPLIER, "G0CORVID"),
    BookPartner("kestrel", "Kestrel Parcel", PartnerKind.CARRIER, "C0KESTREL"),
]


def _owe(session: Session, key: str, channel: str, method: OutboxMethod, alert_id: int) -> int:
    return outbox.put(
        session,
        key=key,
        method=method,
        channel=channel,
        payload={"text": key},
        urgency=2,
        now=NOW,
        alert_id=alert_id,
    )


def test_partners_alerts_and_what_is_owed_follow_the_channel(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, BOOK)
        corvid = alerts.add(session, "corvid", "G0CORVID", NOW)
        kestrel = alerts.add(session, "kestrel", "C0KESTREL", NOW)
        assert corvid.id is not None
        assert kestrel.id is not None
        said = _owe(session, "said", "G0CORVID", OutboxMethod.POST, corvid.id)
        other = _owe(session, "other", "C0KESTREL", OutboxMethod.POST, kestrel.id)
    with database.transaction() as session:
        claimed = outbox.claim(
            session, NOW, "me", timedelta(minutes=1), limits=dict.fromkeys(OutboxMethod, 10)
        )
        assert len(claimed) == 2
        outbox.mark_sent(session, said, "me", "1.1", NOW)
        outbox.mark_sent(session, other, "me", "1.2", NOW)
        edit = _owe(session, "edit", "G0CORVID", OutboxMethod.EDIT, corvid.id)
        reply = _owe(session, "reply", "G0CORVID", OutboxMethod.REPLY, corvid.id)

    with database.transaction() as session:
        assert channels.renumber(session, "G0CORVID", "C0SHARED") == 1

    with database.transaction() as session:
        assert [p.key for p in partners.by_channel(session, "C0SHARED")] == ["corvid"]
        assert partners.by_channel(session, "G0CORVID") == []
        assert alerts.by_message(session, "C0SHARED", "1.1") is not None
        assert alerts.by_message(session, "C0KESTREL", "1.2") is not None
        for owed in (edit, reply):
            message = outbox.get(session, owed)
            assert message is not None
            assert (message.channel, message.state) == ("C0SHARED", OutboxState.PENDING)
        claimed = outbox.claim(
            session, NOW, "me", timedelta(minutes=1), limits=dict.fromkeys(OutboxMethod, 10)
        )
        assert {message.id for message, _ in claimed} == {edit, reply}
        assert {ts for _, ts in claimed} == {"1.1"}


def test_a_channel_that_nobody_uses_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        partners.sync_book(session, BOOK)
        assert channels.renumber(session, "G0NOBODY", "C0SHARED") == 0
        assert [*partners.channels(session).values()] == ["G0CORVID", "C0KESTREL"]


def test_what_the_book_still_names_by_its_old_id_follows_too(database: Database) -> None:
    with database.transaction() as session:
        channels.renumber(session, "G0OPS", "C0OPS")
        channels.renumber(session, "C0OPS", "G0NEWOPS")
    with database.transaction() as session:
        alert = alerts.add(session, None, "G0OPS", NOW)
        assert alert.id is not None
        posted = _owe(session, "post", "G0OPS", OutboxMethod.POST, alert.id)
        message = outbox.get(session, posted)
        assert message is not None
        assert (message.channel, message.lane) == ("G0NEWOPS", "G0NEWOPS")
        assert alert.channel == "G0NEWOPS"


def test_a_channel_that_gets_its_first_id_back_is_there_again(database: Database) -> None:
    with database.transaction() as session:
        channels.renumber(session, "G0OPS", "C0OPS")
        channels.renumber(session, "C0OPS", "G0OPS")
        alert = alerts.add(session, None, "G0OPS", NOW)
        assert alert.id is not None
        message = outbox.get(session, _owe(session, "p", "G0OPS", OutboxMethod.POST, alert.id))
        assert message is not None
        assert message.channel == "G0OPS"


def test_what_a_channel_cannot_take_goes_to_the_fallback_under_its_new_id(
    database: Database,
) -> None:
    with database.transaction() as session:
        channels.renumber(session, "G0FALLBACK", "C0FALLBACK")
        alert = alerts.add(session, None, "C0GONE", NOW)
        assert alert.id is not None
        posted = _owe(session, "post", "C0GONE", OutboxMethod.POST, alert.id)
    for is_moved in (True, False):
        with database.transaction() as session:
            outbox.claim(session, NOW, "me", timedelta(minutes=1), limits={OutboxMethod.POST: 1})
            assert is_moved == outbox.redirect(
                session, posted, "me", "G0FALLBACK", lambda payload: payload, NOW
            )
            message = outbox.get(session, posted)
            assert message is not None
            assert message.channel == "C0FALLBACK"
