"""What is due is done once, and comes back when whoever was at it dies."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from storage import due
from storage.database import Database
from storage.vocabulary import DueKind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=5)
KIND = DueKind.JUDGE_SHIPMENT


def test_the_longest_due_comes_first_and_the_future_stays(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "late", NOW - timedelta(hours=2))
        due.schedule(session, KIND, "later", NOW - timedelta(hours=1))
        due.schedule(session, KIND, "tomorrow", NOW + timedelta(days=1))
        due.schedule(session, DueKind.POLL_SHIPMENT, "late", NOW - timedelta(days=1))
    with database.transaction() as session:
        claimed = due.claim(session, KIND, NOW, "one", LEASE, 10)
    assert [(c.subject, c.attempt) for c in claimed] == [("late", 1), ("later", 1)]
    with database.snapshot() as session:
        assert due.earliest(session, KIND) == NOW + LEASE
        assert due.overdue(session, DueKind.POLL_SHIPMENT, NOW) == 1


def test_what_is_claimed_is_nobody_elses_until_the_lease_runs_out(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
        assert [c.subject for c in due.claim(session, KIND, NOW, "crashed", LEASE, 10)] == ["17"]
    with database.transaction() as session:
        assert due.claim(session, KIND, NOW + LEASE / 2, "other", LEASE, 10) == []
        (again,) = due.claim(session, KIND, NOW + LEASE, "other", LEASE, 10)
    assert (again.subject, again.attempt, again.owner) == ("17", 2, "other")


def test_what_is_done_within_one_transaction_is_taken_and_settled(database: Database) -> None:
    with database.transaction() as session:
        due.schedule_many(
            session, KIND, {"17": NOW, "18": NOW - timedelta(hours=1), "19": NOW + timedelta(1)}
        )
        due.schedule(session, DueKind.POLL_SHIPMENT, "17", NOW)
    with database.transaction() as session:
        assert due.take(session, KIND, NOW, 10) == ["18", "17"]
        due.settle(session, KIND, {"17": None, "18": NOW + timedelta(hours=1)})
    with database.snapshot() as session:
        assert due.subjects(session, KIND) == ["18", "19"]
        assert due.due_at(session, KIND, "18") == NOW + timedelta(hours=1)
        assert due.due_at(session, DueKind.POLL_SHIPMENT, "17") == NOW


def test_what_was_taken_and_not_settled_is_still_due(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
    with database.transaction() as session:
        assert due.take(session, KIND, NOW, 10) == ["17"]
        session.rollback()
    with database.transaction() as session:
        assert due.take(session, KIND, NOW, 10) == ["17"]


def test_two_processes_never_take_the_same(postgres_database: Database) -> None:
    with postgres_database.transaction() as session:
        due.schedule_many(session, KIND, {str(number): NOW for number in range(4)})
    with postgres_database.transaction() as one, postgres_database.transaction() as other:
        assert due.take(one, KIND, NOW, 3) == ["0", "1", "2"]
        assert due.take(other, KIND, NOW, 3) == ["3"]


def test_the_dead_owner_cannot_finish_what_another_has_taken(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
        (stale,) = due.claim(session, KIND, NOW, "slow", LEASE, 10)
        (fresh,) = due.claim(session, KIND, NOW + LEASE, "other", LEASE, 10)
    with database.transaction() as session:
        assert not due.finish(session, stale, None)
        assert due.due_at(session, KIND, "17") == fresh.token
        assert due.finish(session, fresh, NOW + timedelta(days=1))
        assert due.due_at(session, KIND, "17") == NOW + timedelta(days=1)


def test_news_that_came_during_the_work_are_not_overwritten(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
        (claimed,) = due.claim(session, KIND, NOW, "one", LEASE, 10)
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW + timedelta(seconds=1))
    with database.transaction() as session:
        assert not due.finish(session, claimed, None)
        (again,) = due.claim(session, KIND, NOW + timedelta(seconds=1), "one", LEASE, 10)
    assert again.attempt == 1


def test_finishing_a_batch_mixes_over_again_and_lost(database: Database) -> None:
    with database.transaction() as session:
        due.schedule_many(session, KIND, {str(number): NOW for number in range(2500)})
        claimed = due.claim(session, KIND, NOW, "one", LEASE, 2500)
        due.schedule(session, KIND, "7", NOW + timedelta(minutes=1))
    later = NOW + timedelta(hours=1)
    with database.transaction() as session:
        finished = due.finish_many(
            session, [(c, later if int(c.subject) % 2 else None) for c in claimed]
        )
    assert len(finished) == 2499
    with database.snapshot() as session:
        left = due.subjects(session, KIND)
        assert left[0] == "7"
        assert len(left) == 1250
        assert due.due_at(session, KIND, "9") == later
        assert due.due_at(session, KIND, "8") is None


def test_what_failed_is_put_back_and_its_attempts_go_on_counting(database: Database) -> None:
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
        (first,) = due.claim(session, KIND, NOW, "one", LEASE, 1)
        assert due.put_back(session, first, NOW + timedelta(minutes=1))
        (second,) = due.claim(session, KIND, NOW + timedelta(minutes=1), "one", LEASE, 1)
        assert second.attempt == 2
        assert not due.put_back(session, first, NOW)


def test_scheduling_only_what_is_missing_or_only_earlier(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.transaction() as session:
        due.schedule(session, KIND, "17", NOW)
        due.schedule_missing(session, KIND, {"17": NOW - hour, "18": NOW})
        assert due.due_at(session, KIND, "17") == NOW
        assert due.due_at(session, KIND, "18") == NOW
        due.schedule_earlier(session, KIND, "17", NOW + hour)
        assert due.due_at(session, KIND, "17") == NOW
        due.schedule_earlier(session, KIND, "17", NOW - hour)
        assert due.due_at(session, KIND, "17") == NOW - hour
        due.cancel_many(session, KIND, ["17", "18", "unknown"])
        assert due.subjects(session, KIND) == []
        assert due.earliest(session, KIND) is None


def test_many_workers_at_once_get_every_subject_exactly_once(database: Database) -> None:
    everything = {f"shipment-{number}" for number in range(400)}
    with database.transaction() as session:
        due.schedule_many(session, KIND, dict.fromkeys(everything, NOW))

    def work(owner: str) -> list[str]:
        done: list[str] = []
        while True:
            with database.transaction() as session:
                claimed = due.claim(session, KIND, NOW, owner, LEASE, 7)
            if not claimed:
                return done
            with database.transaction() as session:
                finished = due.finish_many(session, [(c, None) for c in claimed])
            done.extend(c.subject for c in finished)

    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(work, [f"worker-{number}" for number in range(6)]))
    done = [subject for share in shares for subject in share]
    assert len(done) == len(everything)
    assert set(done) == everything


def test_a_scheduler_and_workers_in_each_others_way_neither_lose_nor_block(
    database: Database,
) -> None:
    subjects = [f"s{number}" for number in range(60)]

    def reschedule(round_number: int) -> None:
        chosen = subjects if round_number % 2 else list(reversed(subjects))
        with database.transaction() as session:
            due.schedule_many(session, KIND, dict.fromkeys(chosen, NOW))

    def work(owner: int) -> int:
        with database.transaction() as session:
            claimed = due.claim(session, KIND, NOW, f"w{owner}", LEASE, 20)
        with database.transaction() as session:
            return len(due.finish_many(session, [(c, NOW) for c in reversed(claimed)]))

    reschedule(0)
    with ThreadPoolExecutor(6) as pool:
        works = [pool.submit(work, number) for number in range(30)]
        for _ in pool.map(reschedule, range(30)):
            pass
        assert all(task.result() <= 20 for task in works)
    with database.snapshot() as session:
        assert sorted(due.subjects(session, KIND)) == sorted(subjects)
