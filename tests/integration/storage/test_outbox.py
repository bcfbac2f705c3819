"""What is owed to Slack is said once, in order, and by one at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import alerts, outbox
from storage.database import Database
from storage.tables import OutboxMessage
from storage.vocabulary import OutboxMethod, OutboxState
from tests.states_of_outbox import states_of_outbox

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(seconds=45)
EVERYTHING = dict.fromkeys(OutboxMethod, 50)


def put(session: Session, key: str, method: OutboxMethod, channel: str, **more: Any) -> int:
    given: dict[str, Any] = {"payload": {"text": key}, "urgency": 2, "now": NOW} | more
    return outbox.put(session, key=key, method=method, channel=channel, **given)


def claim(session: Session, owner: str, now: datetime = NOW, **more: Any) -> list[str]:
    given: dict[str, Any] = {"limits": EVERYTHING} | more
    return [message.key for message, _ in outbox.claim(session, now, owner, LEASE, **given)]


def _moved(_payload: dict[str, Any]) -> dict[str, Any]:
    return {"text": "moved"}


def test_a_channel_hears_things_in_order_and_one_at_a_time(database: Database) -> None:
    with database.transaction() as session:
        first = put(session, "a1", OutboxMethod.POST, "C0A")
        put(session, "a2", OutboxMethod.POST, "C0A")
        put(session, "b1", OutboxMethod.POST, "C0B")
    with database.transaction() as session:
        assert claim(session, "one") == ["a1", "b1"]
        assert claim(session, "other") == []
        assert outbox.mark_sent(session, first, "one", "100.1", NOW)
        assert claim(session, "other") == ["a2"]


def test_the_same_key_is_one_message(database: Database) -> None:
    with database.transaction() as session:
        first = put(session, "a1", OutboxMethod.POST, "C0A")
        assert put(session, "a1", OutboxMethod.POST, "C0A", payload={"text": "again"}) == first
        assert states_of_outbox(session) == {OutboxState.PENDING: 1}


def test_the_latest_edit_takes_the_place_of_one_that_nobody_has_seen(database: Database) -> None:
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0A", NOW)
        assert alert.id is not None
        alerts.set_message_ts(session, alert.id, "100.1", "C0A")
        edit = put(session, "e1", OutboxMethod.EDIT, "C0A", alert_id=alert.id)
        assert put(session, "e2", OutboxMethod.EDIT, "C0A", alert_id=alert.id, urgency=0) == edit
    with database.transaction() as session:
        ((message, alert_ts),) = outbox.claim(session, NOW, "one", LEASE, limits=EVERYTHING)
        assert (message.key, message.urgency, alert_ts) == ("e2", 0, "100.1")
        put(session, "e3", OutboxMethod.EDIT, "C0A", alert_id=alert.id)
        put(session, "e4", OutboxMethod.EDIT, "C0A", alert_id=alert.id)
        assert [m.key for m in outbox.list_unsent(session)] == ["e2", "e4"]


def test_an_edit_of_what_nobody_has_tried_to_say_changes_its_words(database: Database) -> None:
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0A", NOW)
        post = put(session, "post", OutboxMethod.POST, "C0A", alert_id=alert.id)
        assert put(session, "edit", OutboxMethod.EDIT, "C0A", alert_id=alert.id) == post
        ((message, _),) = outbox.claim(session, NOW, "one", LEASE, limits=EVERYTHING)
        assert (message.key, message.method, message.payload) == ("post", "post", {"text": "edit"})


def test_what_waits_for_its_alert_holds_up_nobody(database: Database) -> None:
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0A", NOW)
        assert alert.id is not None
        post = put(session, "post", OutboxMethod.POST, "C0A", alert_id=alert.id)
        put(session, "reply", OutboxMethod.REPLY, "C0A", alert_id=alert.id)
        other = put(session, "other", OutboxMethod.POST, "C0A")
    with database.transaction() as session:
        assert claim(session, "one") == ["post"]
        put(session, "edit", OutboxMethod.EDIT, "C0A", alert_id=alert.id)
        assert outbox.mark_dead(session, post, "one", "the channel is archived")
        assert claim(session, "one") == ["other"]
        (dead,) = outbox.list_dead(session)
        assert dead.last_error == "the channel is archived"
    with database.transaction() as session:
        assert outbox.retry(session, post, NOW)
        assert not outbox.retry(session, post, NOW)
        assert claim(session, "one") == []
        assert outbox.mark_sent(session, other, "one", "100.6", NOW)
        assert claim(session, "one") == ["post"]
        assert outbox.mark_sent(session, post, "one", "100.7", NOW)
        assert claim(session, "two") == ["reply", "edit"]
        sent = alerts.by_message(session, "C0A", "100.7")
        assert sent is not None
        assert sent.id == alert.id


def test_one_whose_owner_died_may_have_been_said(database: Database) -> None:
    with database.transaction() as session:
        message_id = put(session, "a1", OutboxMethod.POST, "C0A")
        assert claim(session, "crashed") == ["a1"]
    with database.transaction() as session:
        assert claim(session, "other", NOW + LEASE / 2) == []
        ((message, _),) = outbox.claim(session, NOW + LEASE, "other", LEASE, limits=EVERYTHING)
        assert (message.tried_at, message.ambiguous_since) == (NOW, NOW + LEASE)
        assert message.attempt == 2
        assert not outbox.mark_sent(session, message_id, "crashed", "100.1", NOW + LEASE)
        assert outbox.mark_sent(session, message_id, "other", "100.1", NOW + LEASE)


def test_what_could_not_be_said_waits_and_keeps_its_place(database: Database) -> None:
    later = NOW + timedelta(seconds=30)
    with database.transaction() as session:
        message_id = put(session, "a1", OutboxMethod.POST, "C0A")
        put(session, "a2", OutboxMethod.POST, "C0A")
        claim(session, "one")
        assert outbox.put_back(session, message_id, "one", later, "ratelimited", None)
        assert claim(session, "one") == []
        assert claim(session, "one", later) == ["a1"]


def test_the_most_urgent_goes_first_and_each_method_has_its_limit(database: Database) -> None:
    with database.transaction() as session:
        put(session, "routine", OutboxMethod.POST, "C0A", urgency=2)
        put(session, "critical", OutboxMethod.POST, "C0B", urgency=1)
        put(session, "person", OutboxMethod.POST, "C0C", urgency=0)
        assert claim(session, "x", limits={OutboxMethod.EDIT: 5, OutboxMethod.POST: 0}) == []
        assert claim(session, "x", limits={OutboxMethod.POST: 1}, waiting_lanes=["C0C"]) == [
            "critical"
        ]
        assert claim(session, "x") == ["person", "routine"]


def test_in_a_channel_the_more_urgent_goes_first_then_the_older(database: Database) -> None:
    with database.transaction() as session:
        for key, urgency in [("r1", 2), ("r2", 2), ("critical", 1), ("person", 0)]:
            put(session, key, OutboxMethod.POST, "C0A", urgency=urgency)
        said = []
        for _ in range(4):
            ((message, _),) = outbox.claim(session, NOW, "one", LEASE, limits=EVERYTHING)
            said.append(message.key)
            assert message.id is not None
            outbox.mark_sent(session, message.id, "one", "100.1", NOW)
        assert said == ["person", "critical", "r1", "r2"]


def test_what_is_being_said_or_in_doubt_is_not_overtaken(database: Database) -> None:
    later = NOW + timedelta(seconds=30)
    with database.transaction() as session:
        routine = put(session, "routine", OutboxMethod.POST, "C0A")
        assert claim(session, "one") == ["routine"]
        put(session, "person", OutboxMethod.POST, "C0A", urgency=0)
        assert claim(session, "other") == []
        outbox.put_back(session, routine, "one", NOW, "TimeoutError", NOW)
        assert claim(session, "other") == ["routine"]
        outbox.put_back(session, routine, "other", later, "ratelimited", None)
        assert claim(session, "other") == []
        assert claim(session, "other", later) == ["person"]


def test_what_is_urgent_hurries_all_of_its_alert(database: Database) -> None:
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0A", NOW)
        other = put(session, "other", OutboxMethod.POST, "C0A")
        post = put(session, "post", OutboxMethod.POST, "C0A", alert_id=alert.id)
        put(session, "reply", OutboxMethod.REPLY, "C0A", alert_id=alert.id)
        put(session, "answer", OutboxMethod.REPLY, "C0A", alert_id=alert.id, urgency=0)
    with database.transaction() as session:
        said = []
        for ts in ("100.1", "100.2", "100.3", "100.4"):
            ((message, _),) = outbox.claim(session, NOW, "one", LEASE, limits=EVERYTHING)
            said.append(message.id)
            outbox.mark_sent(session, message.id or 0, "one", ts, NOW)
        assert said == [post, post + 1, post + 2, other]


def test_a_file_that_has_to_wait_holds_up_nobody(database: Database) -> None:
    later = NOW + timedelta(seconds=30)
    with database.transaction() as session:
        listed = put(session, "list", OutboxMethod.FILE, "C0A")
        post = put(session, "post", OutboxMethod.POST, "C0A")
        assert claim(session, "one") == ["list"]
        outbox.put_back(session, listed, "one", later, "ratelimited", None)
        assert claim(session, "one") == ["post"]
        outbox.mark_sent(session, post, "one", "100.1", NOW)
        assert claim(session, "one", later) == ["list"]
        assert outbox.mark_sent(session, listed, "one", None, later)


def test_a_look_whether_it_stands_there_twice_is_no_message_that_waits(
    database: Database,
) -> None:
    with database.transaction() as session:
        post = put(session, "post", OutboxMethod.POST, "C0A")
        claim(session, "one")
        outbox.mark_sent(session, post, "one", "100.1", NOW, NOW + timedelta(minutes=1))
        assert states_of_outbox(session) == {OutboxState.SENT: 1, OutboxState.PENDING: 1}
        assert outbox.count_waiting(session) == 0
        assert outbox.list_unsent(session) == []
        put(session, "other", OutboxMethod.POST, "C0A")
        assert outbox.count_waiting(session) == 1


def test_whoever_looks_sees_what_all_began_to_say_of_late(database: Database) -> None:
    with database.transaction() as session:
        put(session, "a", OutboxMethod.POST, "C0A")
        claim(session, "one")
        put(session, "b", OutboxMethod.POST, "C0B")
        claim(session, "other", NOW + timedelta(seconds=2))
        assert outbox.tries_since(session, NOW - timedelta(seconds=1)) == [
            outbox.Try(OutboxMethod.POST, "C0A", NOW),
            outbox.Try(OutboxMethod.POST, "C0B", NOW + timedelta(seconds=2)),
        ]
        assert len(outbox.tries_since(session, NOW)) == 1


def test_a_message_can_go_elsewhere_in_other_words(database: Database) -> None:
    with database.transaction() as session:
        alert = alerts.add(session, None, "C0A", NOW)
        assert alert.id is not None
        message_id = put(session, "a1", OutboxMethod.POST, "C0A", alert_id=alert.id)
        claim(session, "one")
        assert outbox.redirect(session, message_id, "one", "C0F", _moved, NOW)
        ((message, _),) = outbox.claim(session, NOW, "one", LEASE, limits=EVERYTHING)
        assert (message.channel, message.payload) == ("C0F", {"text": "moved"})
        assert outbox.rewrite(session, message_id, "one", {"text": "plain"}, NOW)
        claim(session, "one")
        outbox.mark_sent(session, message_id, "one", "100.1", NOW)
        moved = alerts.get(session, alert.id)
        assert moved is not None
        assert (moved.channel, moved.message_ts) == ("C0F", "100.1")
        edit = put(session, "e1", OutboxMethod.EDIT, "C0F", alert_id=alert.id)
        claim(session, "one")
        assert outbox.post_anew(session, edit, "one", "100.1", NOW)
        assert moved.message_ts is None
        assert claim(session, "one") == ["e1"]
        assert not outbox.redirect(session, edit, "stranger", "C0X", _moved, NOW)


def test_many_workers_say_everything_once_and_in_order(database: Database) -> None:
    channels = [f"C{number}" for number in range(5)]
    with database.transaction() as session:
        for number in range(60):
            channel = channels[number % 5]
            put(session, f"{channel}:{number:03}", OutboxMethod.POST, channel)
    said: list[str] = []

    def work(owner: str) -> None:
        while True:
            with database.transaction() as session:
                claimed = outbox.claim(session, NOW, owner, LEASE, limits=EVERYTHING)
                if not claimed and not outbox.list_unsent(session, 1):
                    return
            for message, _ in claimed:
                assert message.id is not None
                said.append(message.key)
                with database.transaction() as session:
                    assert outbox.mark_sent(session, message.id, owner, "100.1", NOW)

    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(work, [f"worker-{number}" for number in range(4)]):
            pass
    assert len(said) == len(set(said)) == 60
    for channel in channels:
        heard = [key for key in said if key.startswith(f"{channel}:")]
        assert heard == sorted(heard)


def test_finding_the_next_costs_what_is_unsent_and_not_what_was_said(
    sqlite_database: Database,
) -> None:
    with sqlite_database.transaction() as session:
        plan = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT min(id) FROM outbox"
                " WHERE outbox.state IN ('pending', 'sending') GROUP BY lane"
            )
        ).all()
    assert any("ix_outbox_lane" in row.detail for row in plan)


@pytest.mark.parametrize("method", list(OutboxMethod))
def test_a_message_comes_back_as_it_was_put(database: Database, method: OutboxMethod) -> None:
    payload = {"text": "Später – 🚚", "blocks": [{"type": "divider"}]}
    with database.transaction() as session:
        message_id = put(session, "k", method, "C0A", payload=payload, alert_id=None)
    with database.snapshot() as session:
        message = outbox.get(session, message_id)
    assert isinstance(message, OutboxMessage)
    assert (message.payload, message.created_at) == (payload, NOW)
