import math
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import WorkingCalendar
from bot.rules.finding import Finding
from bot.rules.measured_figure import MeasuredFigure
from bot.rules.measurements import MeasurementJudgement, judge_measurements
from bot.scorecards.periods import Period, month_of
from storage.vocabulary import CaseKind, Severity, Side

BERLIN = ZoneInfo("Europe/Berlin")
CALENDAR = WorkingCalendar(BERLIN, country="DE")
JUNE = month_of(date(2026, 6, 1))  # ends on a Tuesday
AUTUMN = datetime(2026, 10, 1, tzinfo=UTC)


def berlin(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def figure(
    month: int,
    numerator: float,
    denominator: float,
    *,
    source_key: str = "wms",
    measured_at: datetime | None = None,
) -> MeasuredFigure:
    year, month = 2026 + (month - 1) // 12, (month - 1) % 12 + 1
    last = date(year, month, monthrange(year, month)[1])
    return MeasuredFigure(
        period_start=last.replace(day=1),
        period_end=last,
        source_key=source_key,
        numerator=numerator,
        denominator=denominator,
        measured_at=measured_at or datetime.combine(last, time(12), UTC) + timedelta(days=1),
    )


def judged(
    *measured: MeasuredFigure,
    metric: str = "otif",
    expected: tuple[Period, ...] = (),
    now: datetime = AUTUMN,
    heard_until: datetime | None = None,
) -> MeasurementJudgement:
    return judge_measurements(
        partner_key="acme",
        metric=metric,
        expected=expected,
        measured=measured,
        settle=timedelta(hours=24),
        due_within_working_days=3,
        calendar=CALENDAR,
        now=now,
        heard_until=heard_until,
    )


def the_one(judgement: MeasurementJudgement) -> Finding:
    (finding,) = judgement.findings
    return finding


# June ends on Tuesday and settles on Wednesday; three working days later it is Monday.


def test_until_its_last_working_day_is_over_a_figure_is_not_missing() -> None:
    for now in (berlin(6, 15), berlin(7, 1), berlin(7, 4), berlin(7, 6, 23, 59)):
        judgement = judged(expected=(JUNE,), now=now)
        assert judgement.findings == ()
        assert judgement.look_again_at is not None
        assert abs(judgement.look_again_at - berlin(7, 7, 0)) <= timedelta(seconds=1)


def test_then_it_is_and_says_which_and_since_when() -> None:
    finding = the_one(judged(expected=(JUNE,), now=berlin(7, 7, 0)))
    assert finding.kind is CaseKind.MEASUREMENT_MISSING
    assert finding.subject == "measurement:acme:otif:2026-06"
    assert finding.severity is Severity.WARNING
    assert finding.side is Side.CARRIER
    due_at = datetime(2026, 7, 6, 21, 59, 59, tzinfo=UTC)
    assert finding.since == due_at
    assert finding.facts == {
        "metric": "otif",
        "period": "2026-06",
        "period_start": "2026-06-01",
        "period_end": "2026-06-30",
        "due_at": due_at.isoformat(),
        "days_missing": 30,
        "days": 30,
        "missing_from": "2026-06-01",
    }


def test_five_working_days_more_make_it_critical() -> None:
    assert the_one(judged(expected=(JUNE,), now=berlin(7, 13))).severity is Severity.WARNING
    critical = judged(expected=(JUNE,), now=berlin(7, 14, 0))
    assert the_one(critical).severity is Severity.CRITICAL
    assert critical.look_again_at is None


def test_come_late_it_is_no_longer_missing() -> None:
    late = figure(6, 95, 100, measured_at=berlin(7, 20))
    assert judged(late, expected=(JUNE,), now=berlin(7, 19)).findings != ()
    assert judged(late, expected=(JUNE,), now=berlin(7, 19)).look_again_at == berlin(7, 20)
    assert judged(late, expected=(JUNE,), now=berlin(7, 20)).findings == ()


def test_figures_of_weeks_must_cover_every_day_of_the_month() -> None:
    def week(first: date) -> MeasuredFigure:
        last = first + timedelta(days=6)
        return MeasuredFigure(first, last, "wms", 9, 10, datetime.combine(last, time(23), UTC))

    mondays = [date(2026, 6, 1) + timedelta(weeks=n) for n in range(5)]
    assert judged(*map(week, mondays), expected=(JUNE,)).findings == ()
    finding = the_one(judged(*map(week, mondays[:2] + mondays[3:]), expected=(JUNE,)))
    assert finding.facts["days_missing"] == 7
    assert finding.facts["missing_from"] == "2026-06-15"


def test_what_we_compute_ourselves_is_never_missing() -> None:
    judgement = judged(metric="on_time_delivery", expected=(JUNE,))
    assert judgement.findings == ()
    assert judgement.look_again_at is None


def test_a_source_that_could_not_be_read_may_have_it() -> None:
    judgement = judged(expected=(JUNE,), now=berlin(7, 14), heard_until=berlin(7, 1))
    assert judgement.findings == ()
    assert judgement.look_again_at == berlin(7, 14, 12, 30)


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator", "why"),
    [
        ("otif", 101, 100, "over_100_percent"),
        ("otif", 5, 0, "denominator_zero"),
        ("otif", 5, -1, "denominator_negative"),
        ("otif", -1, 100, "numerator_negative"),
        ("otif", math.nan, 100, "no_number"),
        ("otif", 1, math.inf, "no_number"),
        ("dock_to_stock_time", -1, 10, "numerator_negative"),
        ("capacity_utilisation", 1040, 1000, "over_100_percent"),
    ],
)
def test_what_cannot_be_is_said_with_its_reason(
    metric: str, numerator: float, denominator: float, why: str
) -> None:
    finding = the_one(judged(figure(6, numerator, denominator), metric=metric))
    assert finding.kind is CaseKind.MEASUREMENT_IMPOSSIBLE
    assert finding.subject == f"measurement:acme:{metric}:2026-06"
    assert finding.severity is Severity.WARNING
    assert finding.since == figure(6, 1, 1).measured_at
    assert finding.facts["why"] == why
    assert finding.facts["source"] == "wms"
    for fact in (finding.facts["numerator"], finding.facts["denominator"]):
        assert fact is None or (isinstance(fact, int | float) and math.isfinite(fact))


@pytest.mark.parametrize(
    ("metric", "numerator", "denominator"),
    [
        ("otif", 100, 100),
        ("otif", 0, 100),
        ("cost_share", 130, 100),  # it cost more than it sold
        ("claims_cost_share", 130, 100),
        ("cost_per_unit", -5, 100),  # a credit note
        ("dock_to_stock_time", 7200, 100),
        ("their_own_index", 300, 2),
    ],
)
def test_what_can_be_is_left_alone(metric: str, numerator: float, denominator: float) -> None:
    assert judged(figure(6, numerator, denominator), metric=metric).findings == ()


def test_nothing_counted_out_of_nothing_is_a_mere_notice() -> None:
    finding = the_one(judged(figure(6, 0, 0)))
    assert finding.severity is Severity.INFO
    assert finding.facts["why"] == "denominator_zero"


def test_a_corrected_figure_ends_it() -> None:
    assert judged(figure(6, 1010, 100)).findings != ()
    assert judged(figure(6, 101, 110)).findings == ()


def test_a_collapse_that_no_volume_explains_is_questioned() -> None:
    steady = [figure(month, 950, 1000) for month in (1, 2, 3)]
    finding = the_one(judged(*steady, figure(4, 300, 1000)))
    assert finding.subject == "measurement:acme:otif:2026-04"
    assert finding.facts["why"] == "jump"
    assert (finding.facts["previous_numerator"], finding.facts["previous_denominator"]) == (
        950,
        1000,
    )


def test_a_bad_month_is_no_jump_and_neither_are_few_orders() -> None:
    steady = [figure(month, 950, 1000) for month in (1, 2, 3)]
    assert judged(*steady, figure(4, 850, 1000)).findings == ()
    assert judged(*steady, figure(4, 1, 3)).findings == ()


def test_a_new_level_is_questioned_once_and_so_is_a_slip() -> None:
    before = [figure(month, 950, 1000) for month in range(1, 7)]
    after = [figure(month, 300, 1000) for month in range(7, 10)]
    assert the_one(judged(*before, *after)).subject.endswith("2026-07")
    back = [figure(month, 950, 1000) for month in range(8, 10)]
    assert the_one(judged(*before, after[0], *back)).subject.endswith("2026-07")


def test_without_history_nothing_is_a_jump() -> None:
    assert judged(figure(1, 950, 1000), figure(2, 950, 1000), figure(3, 9, 1000)).findings == ()


def test_defects_that_rise_eightfold_are_questioned() -> None:
    steady = [figure(month, 50, 10_000) for month in (1, 2, 3)]
    assert judged(*steady, figure(4, 200, 10_000), metric="damage_rate").findings == ()
    finding = the_one(judged(*steady, figure(4, 500, 10_000), metric="damage_rate"))
    assert finding.facts["why"] == "jump"


def test_hours_told_in_minutes_are_questioned() -> None:
    steady = [
        figure(month, hours, 100)
        for month, hours in enumerate((4600, 4800, 5100, 4700, 4900), start=1)
    ]
    slow = figure(6, 9_000, 100)
    in_minutes = figure(6, 4800 * 60, 100)
    of_one = figure(6, 16_000, 1)
    assert judged(*steady, slow, metric="dock_to_stock_time").findings == ()
    assert the_one(judged(*steady, in_minutes, metric="dock_to_stock_time")).facts["why"] == "jump"
    assert the_one(judged(*steady, of_one, metric="dock_to_stock_time")).facts["why"] == "jump"


def test_the_mean_of_a_few_may_lie_far_off() -> None:
    scattered = [
        figure(month, hours, 100)
        for month, hours in enumerate((3000, 4000, 5000, 6000, 7000), start=1)
    ]
    metric = "dock_to_stock_time"
    finding = the_one(judged(*scattered, figure(6, 25_000, 100), metric=metric))
    assert finding.facts["why"] == "jump"
    assert judged(*scattered, figure(6, 250, 1), metric=metric).findings == ()


def test_two_sources_at_fault_for_one_period_are_one_case() -> None:
    both = (figure(6, 5, 0, source_key="wms"), figure(6, 200, 100, source_key="erp"))
    assert the_one(judged(*both)).facts["source"] == "erp"
    assert judged(*both) == judged(*reversed(both))


def test_a_figure_not_yet_known_plays_no_part() -> None:
    future = figure(6, 101, 100, measured_at=berlin(7, 2))
    before = judged(future, now=berlin(7, 1))
    assert before.findings == ()
    assert before.look_again_at == berlin(7, 2)
    assert judged(future, now=berlin(7, 2)).findings != ()


figures = st.builds(
    figure,
    st.integers(1, 15),
    st.floats() | st.integers(-5, 2000).map(float),
    st.floats() | st.integers(-5, 2000).map(float),
    source_key=st.sampled_from(("wms", "erp")),
    measured_at=st.none()
    | st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(  # noqa: DTZ001
        lambda moment: moment.replace(tzinfo=UTC)
    ),
)
months = st.integers(1, 12).map(lambda month: month_of(date(2026, month, 1)))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
metrics = st.sampled_from(("otif", "dock_to_stock_time", "cost_per_unit", "on_time_delivery", "x"))


@settings(deadline=None)
@given(
    st.lists(figures, max_size=20),
    st.lists(months, max_size=4, unique_by=lambda month: month.start),
    metrics,
    moments,
    st.none() | moments,
    st.floats(0, 1, exclude_max=True),
)
def test_until_it_is_looked_at_again_nothing_changes(
    measured: list[MeasuredFigure],
    expected: list[Period],
    metric: str,
    now: datetime,
    heard_until: datetime | None,
    part: float,
) -> None:
    def at(moment: datetime) -> MeasurementJudgement:
        return judged(
            *measured,
            metric=metric,
            expected=tuple(expected),
            now=moment,
            heard_until=heard_until,
        )

    judgement = at(now)
    if judgement.look_again_at is not None:
        assert judgement.look_again_at > now
    until = judgement.look_again_at or now + timedelta(days=365)
    just_before = until - timedelta(microseconds=1)
    for meanwhile in (now + (just_before - now) * part, just_before):
        assert at(meanwhile).findings == judgement.findings


@settings(deadline=None)
@given(
    st.data(),
    st.lists(figures, max_size=20, unique_by=lambda one: (one.period_start, one.source_key)),
    metrics,
)
def test_the_order_in_which_figures_come_does_not_matter(
    data: st.DataObject, measured: list[MeasuredFigure], metric: str
) -> None:
    now = datetime(2027, 6, 1, tzinfo=UTC)
    shuffled = data.draw(st.permutations(measured))
    assert repr(judged(*shuffled, metric=metric, now=now)) == repr(
        judged(*measured, metric=metric, now=now)
    )


@settings(deadline=None)
@given(st.lists(figures, max_size=30), metrics)
def test_subjects_are_told_once_and_facts_are_plain(
    measured: list[MeasuredFigure], metric: str
) -> None:
    findings = judged(*measured, metric=metric, now=datetime(2027, 6, 1, tzinfo=UTC)).findings
    names = [(finding.kind, finding.subject) for finding in findings]
    assert len(set(names)) == len(names)
    for finding in findings:
        for fact in finding.facts.values():
            assert fact is None or type(fact) in (str, int, float, bool)
            assert not isinstance(fact, float) or math.isfinite(fact)
