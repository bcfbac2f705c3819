"""Any routes and any case, of partners of whom one has a new channel and one has left."""

from hypothesis import strategies as st

from bot.routing import RoutedCase
from storage.vocabulary import CaseKind, Severity
from tests.unit.routing.books import HARBOUR, NORTHGATE

PLACES = [HARBOUR, NORTHGATE, "C0RENUMBERED", "C0FORMER", "C0BIG", "U0LENA", "partner", "ops"]
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "partners": st.lists(st.sampled_from(["harbour", "northgate"]), min_size=1, max_size=2),
        "kinds": st.lists(st.sampled_from(["lost", "promise_passed"]), min_size=1, max_size=2),
        "severity_from": st.sampled_from(list(Severity)),
        "customers": st.just(["ACME-17"]),
        "priority": st.just("high"),
    },
)
ROUTES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.text(min_size=1, max_size=5),
            "when": CONDITIONS,
            "to": st.lists(st.sampled_from(PLACES), min_size=1, max_size=5),
        }
    ),
    max_size=5,
)
CASES = st.builds(
    RoutedCase,
    kind=st.sampled_from([CaseKind.LOST, CaseKind.PROMISE_PASSED]),
    severity=st.sampled_from(Severity),
    partner_key=st.sampled_from([None, "harbour", "northgate", "former"]),
    account=st.sampled_from([None, "ACME-17"]),
    priority=st.sampled_from([None, "high"]),
)
PRESENT = {"harbour": HARBOUR, "northgate": "C0RENUMBERED", "former": "C0FORMER"}
MATCHES = st.sampled_from(["first", "all"])
