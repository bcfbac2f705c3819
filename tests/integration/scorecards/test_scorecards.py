"""A month with a carrier in Lagos, written as rows, and the figures that it must give."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.book.models import ContractEntry, PartnerEntry, TermEntry
from bot.scorecards.computing import measure, misses, scorecard, terms_in_force
from bot.scorecards.figures import Figure, Scorecard, Standing
from bot.scorecards.periods import Period, parse_period
from storage.database import Database
from storage.tables import Measurement, Partner, Shipment, SourceHealth
from storage.vocabulary import PartnerKind, Status

Result = TypeVar("Result")
LAGOS = ZoneInfo("Africa/Lagos")
JUNE: Period = parse_period("2014-06", date(2014, 7, 20))
AFTER_JUNE = datetime(2014, 7, 2, 8, tzinfo=UTC)


def lagos(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2014, month, day, hour, tzinfo=LAGOS).astimezone(UTC)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=LAGOS).astimezone(UTC)


@dataclass
class Ledger:
    """Writes what happened; reads by any function of the scorecards."""

    database: Database
    _numbers: dict[str, int] = field(default_factory=dict)

    def partner(self, key: str) -> None:
        with self.database.transaction() as session:
            session.add(Partner(key=key, name=key.title(), kind="carrier", channel="C0ACME"))

    def shipment(
        self,
        promised: date | None,
        delivered: datetime | None = None,
        *,
        partner: str = "acme",
        status: Status | None = None,
        ordered: datetime | None = None,
        source: str = "easypost",
    ) -> str:
        self._numbers[partner] = self._numbers.get(partner, 0) + 1
        number = f"{partner.upper()}-{self._numbers[partner]}"
        moment = lagos(5, 1)
        with self.database.transaction() as session:
            session.add(
                Shipment(
                    partner_key=partner,
                    tracking_number=number,
                    source_key=source,
                    destination="Lagos",
                    destination_zone="Africa/Lagos",
                    ordered_at=ordered,
                    promised_at=end_of(promised) if promised else None,
                    promised_on=promised,
                    status=status or (Status.DELIVERED if delivered else Status.IN_TRANSIT),
                    delivered_at=delivered,
                    delivered_on=delivered.astimezone(LAGOS).date() if delivered else None,
                    created_at=moment,
                    changed_at=moment,
                )
            )
        return number

    def measured(
        self,
        metric: str,
        first: date,
        last: date,
        numerator: float,
        denominator: float,
        *,
        source: str = "wms",
        at: datetime = AFTER_JUNE - timedelta(hours=3),
    ) -> None:
        with self.database.transaction() as session:
            session.add(
                Measurement(
                    partner_key="acme",
                    metric=metric,
                    period_start=first,
                    period_end=last,
                    source_key=source,
                    numerator=numerator,
                    denominator=denominator,
                    measured_at=at,
                )
            )

    def heard(self, source: str, at: datetime) -> None:
        with self.database.transaction() as session:
            session.add(SourceHealth(source_key=source, last_success_at=at))

    def read(self, look: Callable[[Session], Result]) -> Result:
        with self.database.snapshot() as session:
            return look(session)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    made = Ledger(database)
    made.partner("acme")
    made.partner("bolt")
    return made


@pytest.fixture
def acme() -> PartnerEntry:
    return PartnerEntry(
        key="acme",
        name="Acme Freight",
        kind=PartnerKind.CARRIER,
        time_zone="Africa/Lagos",
        channel="C0ACME",
        account_manager="U0ADA",
        contract=ContractEntry(
            terms=(
                TermEntry(metric="on_time_delivery", target=0.95, minimum_sample=3),
                TermEntry(metric="dock_to_stock_time", target=48),
            )
        ),
    )


def on_time(
    ledger: Ledger, now: datetime = AFTER_JUNE, partner: str = "acme"
) -> tuple[float, float] | None:
    rate = ledger.read(lambda session: measure(session, partner, "on_time_delivery", JUNE, now))
    return None if rate is None else (rate.numerator, rate.denominator)


def card_of(
    ledger: Ledger, partner: PartnerEntry, now: datetime = AFTER_JUNE, period: Period = JUNE
) -> Scorecard:
    return ledger.read(lambda session: scorecard(session, partner, period, now))


def figure_of(card: Scorecard, metric: str) -> Figure:
    return next(figure for figure in card.figures if figure.kpi.name == metric)


# -- on-time delivery --------------------------------------------------------


def test_delivered_by_the_end_of_the_promised_day_is_on_time_and_a_second_later_is_not(
    ledger: Ledger,
) -> None:
    promised = date(2014, 6, 10)
    ledger.shipment(promised, end_of(promised))
    ledger.shipment(promised, end_of(promised) + timedelta(seconds=1))
    assert on_time(ledger) == (1, 2)


def test_undelivered_past_its_promise_is_a_miss(ledger: Ledger) -> None:
    ledger.shipment(date(2014, 6, 10), lagos(6, 9))
    ledger.shipment(date(2014, 6, 10), status=Status.LOST)
    assert on_time(ledger) == (1, 2)


def test_what_is_not_due_yet_counts_neither_way_but_early_delivery_counts(ledger: Ledger) -> None:
    now = lagos(6, 15)
    ledger.shipment(date(2014, 6, 20))
    ledger.shipment(date(2014, 6, 21), lagos(6, 14))
    assert on_time(ledger, now) == (1, 1)


def test_the_past_is_told_as_it_stood_then(ledger: Ledger) -> None:
    """A delivery of the 12th is not known on the 11th, when its promise of the 10th has passed."""
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    assert on_time(ledger, lagos(6, 9)) is None
    assert on_time(ledger, lagos(6, 11)) == (0, 1)
    ledger.shipment(date(2014, 6, 28), lagos(6, 27))
    assert on_time(ledger, lagos(6, 27, 11)) == (0, 1)
    assert on_time(ledger, lagos(6, 27, 13)) == (1, 2)


def test_the_cohort_goes_by_the_promised_day_where_it_is_delivered(ledger: Ledger) -> None:
    # The last second of 30 June in Lagos, and of 31 May, are the neighbours' in no way.
    ledger.shipment(date(2014, 6, 30), lagos(7, 1))
    ledger.shipment(date(2014, 6, 1), lagos(5, 30))
    ledger.shipment(date(2014, 5, 31), lagos(6, 3))
    ledger.shipment(date(2014, 7, 1), lagos(6, 30))
    assert on_time(ledger) == (1, 2)


def test_cancelled_unpromised_and_neighbours_shipments_stay_out(ledger: Ledger) -> None:
    ledger.shipment(date(2014, 6, 10), status=Status.CANCELLED)
    ledger.shipment(None, lagos(6, 10))
    ledger.shipment(date(2014, 6, 10), lagos(6, 12), partner="bolt")
    assert on_time(ledger) is None
    assert on_time(ledger, partner="bolt") == (0, 1)


def test_nothing_promised_is_unknown_and_never_nought_or_a_hundred(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    figure = figure_of(card_of(ledger, acme), "on_time_delivery")
    assert figure.rate is None
    assert figure.standing is Standing.UNKNOWN
    assert figure.interval is None


def test_delivered_at_an_unknown_time_is_left_out_and_said(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    ledger.shipment(date(2014, 6, 10), status=Status.DELIVERED)
    ledger.shipment(date(2014, 6, 10), lagos(6, 10))
    figure = figure_of(card_of(ledger, acme), "on_time_delivery")
    assert figure.rate is not None
    assert (figure.rate.numerator, figure.rate.denominator) == (1, 1)
    assert figure.left_out == 1


def test_every_miss_drills_down_to_its_shipment_worst_first(ledger: Ledger) -> None:
    ledger.shipment(date(2014, 6, 10), lagos(6, 10))
    late = ledger.shipment(date(2014, 6, 10), lagos(6, 14))
    missing = ledger.shipment(date(2014, 6, 20))
    later_than_asked = ledger.shipment(date(2014, 6, 21), lagos(7, 10))
    behind = ledger.read(
        lambda session: misses(session, "acme", "on_time_delivery", JUNE, AFTER_JUNE)
    )
    assert [miss.tracking_number for miss in behind] == [missing, later_than_asked, late]
    assert behind[0].delivered_at is None
    assert behind[1].delivered_at is None, "on 2 July nobody knew of 10 July"
    assert behind[2].delivered_at == lagos(6, 14)
    assert on_time(ledger) == (1, 1 + len(behind))
    first = ledger.read(
        lambda session: misses(session, "acme", "on_time_delivery", JUNE, AFTER_JUNE, limit=1)
    )
    assert first == behind[:1]


def test_the_age_of_the_data_is_that_of_the_source_heard_least_recently(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    ledger.heard("easypost", AFTER_JUNE - timedelta(minutes=5))
    ledger.heard("orders", AFTER_JUNE - timedelta(days=2))
    ledger.heard("elsewhere", AFTER_JUNE - timedelta(days=90))
    ledger.shipment(date(2014, 6, 10), lagos(6, 10), source="easypost")
    ledger.shipment(date(2014, 6, 11), lagos(6, 11), source="orders")
    figure = figure_of(card_of(ledger, acme), "on_time_delivery")
    assert figure.rate is not None
    assert figure.rate.as_of == AFTER_JUNE - timedelta(days=2)


def test_a_month_at_random_is_counted_as_one_would_by_hand(ledger: Ledger) -> None:
    chance = random.Random(2014)  # noqa: S311  the same month every time
    kept = due = 0
    for _ in range(150):
        promised = date(2014, 5, 25) + timedelta(days=chance.randrange(45))
        delivered = None
        if chance.random() < 0.8:
            delivered = end_of(promised) + timedelta(hours=chance.randrange(-90, 60))
        ledger.shipment(promised, delivered)
        if promised.month == 6:
            is_delivered = delivered is not None and delivered <= AFTER_JUNE
            due += is_delivered or end_of(promised) <= AFTER_JUNE
            kept += delivered is not None and delivered <= min(end_of(promised), AFTER_JUNE)
    assert on_time(ledger) == (kept, due)
    assert 0 < kept < due


# -- order cycle time --------------------------------------------------------


def test_cycle_time_tells_mean_median_and_ninetieth_percentile_of_those_delivered(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    for days in (2, 4, 6, 8, 30):
        delivered = lagos(6, 20)
        ledger.shipment(date(2014, 6, 20), delivered, ordered=delivered - timedelta(days=days))
    ledger.shipment(date(2014, 6, 20), lagos(6, 20))  # nobody knows when it was ordered
    ledger.shipment(date(2014, 6, 20), lagos(6, 20), ordered=lagos(6, 25))  # nor can this be
    ledger.shipment(date(2014, 6, 20), lagos(7, 1), ordered=lagos(6, 1))  # July's
    figure = figure_of(card_of(ledger, acme), "order_cycle_time")
    assert figure.rate is not None
    assert figure.rate.value == pytest.approx(10)
    assert figure.rate.denominator == 5
    assert figure.left_out == 2
    assert figure.spread is not None
    assert figure.spread.median == pytest.approx(6)
    assert figure.spread.ninetieth == pytest.approx(21.2)


def test_one_delivery_is_its_own_median(ledger: Ledger, acme: PartnerEntry) -> None:
    ledger.shipment(None, lagos(6, 20), ordered=lagos(6, 17))
    figure = figure_of(card_of(ledger, acme), "order_cycle_time")
    assert figure.spread is not None
    assert figure.spread.median == figure.spread.ninetieth == pytest.approx(3)


def test_the_slowest_are_behind_a_cycle_time(ledger: Ledger) -> None:
    quick = ledger.shipment(None, lagos(6, 20), ordered=lagos(6, 19))
    slow = ledger.shipment(None, lagos(6, 20), ordered=lagos(6, 1))
    behind = ledger.read(
        lambda session: misses(session, "acme", "order_cycle_time", JUNE, AFTER_JUNE)
    )
    assert [miss.tracking_number for miss in behind] == [slow, quick]


# -- measured ----------------------------------------------------------------


def test_measurements_of_weeks_add_up_by_numerator_and_denominator(ledger: Ledger) -> None:
    ledger.measured("dock_to_stock_time", date(2014, 6, 2), date(2014, 6, 8), 100, 10)
    ledger.measured("dock_to_stock_time", date(2014, 6, 9), date(2014, 6, 15), 4000, 40)
    ledger.measured("dock_to_stock_time", date(2014, 6, 30), date(2014, 7, 6), 9999, 1)
    rate = ledger.read(
        lambda session: measure(session, "acme", "dock_to_stock_time", JUNE, AFTER_JUNE)
    )
    assert rate is not None
    assert (rate.numerator, rate.denominator) == (4100, 50)
    assert rate.value == 82, "not 55, the mean of 10 and 100"


def test_a_month_and_its_own_weeks_are_not_counted_twice_but_two_sites_add_up(
    ledger: Ledger,
) -> None:
    ledger.measured("order_accuracy", date(2014, 6, 1), date(2014, 6, 30), 190, 200)
    ledger.measured("order_accuracy", date(2014, 6, 2), date(2014, 6, 8), 45, 50)
    ledger.measured("order_accuracy", date(2014, 6, 1), date(2014, 6, 30), 90, 100, source="south")
    rate = ledger.read(lambda session: measure(session, "acme", "order_accuracy", JUNE, AFTER_JUNE))
    assert rate is not None
    assert (rate.numerator, rate.denominator) == (280, 300)


def test_a_measurement_of_nothing_is_unknown(ledger: Ledger) -> None:
    ledger.measured("order_accuracy", date(2014, 6, 1), date(2014, 6, 30), 0, 0)
    rate = ledger.read(lambda session: measure(session, "acme", "order_accuracy", JUNE, AFTER_JUNE))
    assert rate is None


def test_what_was_measured_later_was_not_known_then(ledger: Ledger) -> None:
    later = AFTER_JUNE + timedelta(days=1)
    ledger.measured("order_accuracy", date(2014, 6, 1), date(2014, 6, 30), 99, 100, at=later)
    before = ledger.read(
        lambda session: measure(session, "acme", "order_accuracy", JUNE, AFTER_JUNE)
    )
    after = ledger.read(lambda session: measure(session, "acme", "order_accuracy", JUNE, later))
    assert before is None
    assert after is not None


def test_what_we_count_ourselves_is_not_taken_on_trust_but_better_than_nothing(
    ledger: Ledger,
) -> None:
    ledger.measured("on_time_delivery", date(2014, 6, 1), date(2014, 6, 30), 100, 100)
    assert on_time(ledger) == (100, 100)
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    assert on_time(ledger) == (0, 1)


# -- the card as a whole -----------------------------------------------------


def test_the_card_sets_each_figure_against_its_target_and_the_month_before(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    for day in range(1, 5):
        ledger.shipment(date(2014, 5, day), lagos(5, day))
    for day in range(1, 4):
        ledger.shipment(date(2014, 6, day), lagos(6, day))
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    ledger.measured("order_accuracy", date(2014, 6, 1), date(2014, 6, 30), 99, 100)
    ledger.measured("pallets_per_hour", date(2014, 6, 1), date(2014, 6, 30), 120, 8)
    card = card_of(ledger, acme)
    assert [figure.kpi.name for figure in card.figures] == [
        "on_time_delivery",
        "order_cycle_time",
        "order_accuracy",
        "dock_to_stock_time",
        "pallets_per_hour",
    ]
    on_time_figure = figure_of(card, "on_time_delivery")
    assert on_time_figure.standing is Standing.MISSED
    assert on_time_figure.previous is not None
    assert on_time_figure.previous.value == 1
    assert on_time_figure.interval is not None
    assert on_time_figure.interval.low == pytest.approx(0.3006, abs=1e-4)
    assert on_time_figure.interval.high == pytest.approx(0.9544, abs=1e-4)
    assert figure_of(card, "order_accuracy").standing is Standing.NO_TARGET
    assert figure_of(card, "dock_to_stock_time").standing is Standing.UNKNOWN
    assert card.is_over


def test_a_partner_with_few_orders_does_not_breach_by_chance(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    assert figure_of(card_of(ledger, acme), "on_time_delivery").standing is Standing.TOO_FEW
    ledger.shipment(date(2014, 6, 10), lagos(6, 12))
    assert figure_of(card_of(ledger, acme), "on_time_delivery").standing is Standing.MISSED


def test_the_month_goes_on_until_its_last_midnight_where_the_partner_is(
    ledger: Ledger, acme: PartnerEntry
) -> None:
    ledger.shipment(date(2014, 6, 30))
    just_before = datetime(2014, 6, 30, 22, 59, tzinfo=UTC)  # 23:59 in Lagos
    card = card_of(ledger, acme, just_before)
    assert not card.is_over
    assert figure_of(card, "on_time_delivery").pending == 1
    assert card_of(ledger, acme, just_before + timedelta(minutes=1)).is_over


def test_of_successive_terms_the_one_in_force_at_the_end_of_the_month_counts() -> None:
    first = TermEntry(metric="otif", target=0.90, effective_to=date(2014, 6, 15))
    second = TermEntry(metric="otif", target=0.95, effective_from=date(2014, 6, 16))
    third = TermEntry(metric="otif", target=0.99, effective_from=date(2014, 7, 1))
    assert terms_in_force((third, second, first), JUNE) == {"otif": second}
    assert terms_in_force((third, second, first), JUNE.previous()) == {"otif": first}
    assert terms_in_force((third, second), JUNE.previous()) == {}
