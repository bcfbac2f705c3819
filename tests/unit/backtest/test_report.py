"""The page of a backtest."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

from bot.backtest.hindsight import Outcome
from bot.backtest.history import Counts
from bot.backtest.report import report_page
from bot.backtest.results import KindFigures, Results, Share
from bot.backtest.tally import Said
from bot.sources.reports import Rejected
from storage.vocabulary import CaseKind, OutboxMethod

HOSTILE = '</script><script>alert("x")</script><!-- &amp; \u2028'


def results(partner: str = "Halden Express") -> Results:
    return Results(
        since=datetime(2026, 3, 2, 8, tzinfo=UTC),
        end=datetime(2026, 3, 11, 18, tzinfo=UTC),
        counts=Counts(shipments=40, checkpoints=160, set_aside=1),
        set_aside=[Rejected("scans.csv:7", f"{partner} is no status", "")],
        partners=1,
        channels={"C1": partner},
        messages=Counter(
            {
                Said(date(2026, 3, 3), "C1", "no_scan", OutboxMethod.POST): 3,
                Said(date(2026, 3, 4), "C1", "no_scan", OutboxMethod.POST): 7,
                Said(date(2026, 3, 4), "C1", "no_scan", OutboxMethod.EDIT): 5,
            }
        ),
        kinds={CaseKind.NO_SCAN: KindFigures(CaseKind.NO_SCAN, cases=10, right=6, wrong=4)},
        outcomes=Counter({Outcome.LATE: 8, Outcome.IN_TIME: 32}),
        announced=Counter({Outcome.LATE: 6, Outcome.IN_TIME: 4}),
        lead_times=[timedelta(hours=30)] * 6,
    )


def test_every_share_is_shown_with_what_it_was_counted_from() -> None:
    page = report_page(results(), "Backtest")
    assert "6 of 8 late ones" in page
    assert "6 of 10 announced shipments" in page
    assert "10 in 10 days" in page


def test_a_share_of_nothing_is_unknown_and_neither_0_nor_100_percent() -> None:
    assert str(Share(0, 0)) == "unknown"
    empty = results()
    empty.outcomes.clear()
    empty.announced.clear()
    assert "<b>unknown</b>" in report_page(empty, "Backtest")


def test_a_hostile_name_stays_text() -> None:
    page = report_page(results(HOSTILE), HOSTILE)
    assert '<script>alert("x")' not in page
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    found = re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["channels"] == [HOSTILE]


def test_the_page_needs_nothing_from_anywhere_else() -> None:
    page = report_page(results(), "Backtest")
    assert not re.search(r'(src|href)="', page)
    assert "@import" not in page
    assert "url(" not in page


def test_messages_of_the_chart_are_posts_alone() -> None:
    page = report_page(results(), "Backtest")
    found = re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["posts"] == [[1, 0, 0, 3], [2, 0, 0, 7]]
