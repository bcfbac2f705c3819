"""Whether the entries of a book agree with each other.

Works on what was written, so that a fault elsewhere doesn't hide these.
"""

from bot.book.comparing import folded, keys_of, must_be_one_of, must_differ, number_at, where
from bot.book.digest_agreement import DIGEST_CHECKS
from bot.book.document import Document
from bot.book.faults import Path
from bot.book.fields import nearest
from bot.book.route_agreement import ROUTE_CHECKS
from bot.scorecards.catalogue import CATALOGUE

_MOST_LIKELY_A_SHARE = 1.5  # a rate's target above it was meant as a percentage


def check_agreement(document: Document) -> None:
    for check in (
        _partner_names_differ,
        _partner_channels_differ,
        _own_channels_are_no_partners,
        _source_keys_differ,
        _matching_names_entries,
        _services_differ,
        _terms_are_known,
        *DIGEST_CHECKS,
        *ROUTE_CHECKS,
    ):
        check(document)


def _partner_names_differ(document: Document) -> None:
    """A source may name a partner by key, name or alias: each must mean one partner."""
    owners: dict[str, tuple[Path, Path]] = {}
    for partner in document.items_at(("partners",)):
        fields = [(*partner, "key"), (*partner, "name"), *document.items_at((*partner, "aliases"))]
        for path in fields:
            name = document.text_at(path)
            if name is None:
                continue
            owner, first = owners.setdefault(folded(name), (partner, path))
            if owner != partner:
                document.fault(
                    path,
                    f"{name!r} names another partner already: {where(document, first)}. Give each "
                    "its own",
                )


def _partner_channels_differ(document: Document) -> None:
    """Nobody sees a neighbour."""
    must_differ(
        document,
        [(*partner, "channel") for partner in document.items_at(("partners",))],
        "is the channel of another partner already",
        str,
    )


def _own_channels_are_no_partners(document: Document) -> None:
    of_partners = {
        document.text_at((*partner, "channel")): partner
        for partner in document.items_at(("partners",))
    }
    for path in (("ops_channel",), ("fallback_channel",)):
        channel = document.text_at(path)
        if channel is not None and channel in of_partners:
            owner = where(document, (*of_partners[channel], "channel"))
            document.fault(
                path,
                f"{channel} is a partner's channel: {owner}. What is said here is about every "
                "partner: use a channel of your own",
            )


def _source_keys_differ(document: Document) -> None:
    must_differ(
        document,
        [(*source, "key") for source in document.items_at(("sources",))],
        "is the key of another source already",
        str,
    )


def _matching_names_entries(document: Document) -> None:
    partners = keys_of(document, "partners")
    sources = keys_of(document, "sources")
    for entry in document.items_at(("matching",)):
        must_be_one_of(document, (*entry, "partner"), partners, "partner")
        must_be_one_of(document, (*entry, "source"), sources, "source")


def _services_differ(document: Document) -> None:
    scopes = [("thresholds",), *((*p, "thresholds") for p in document.items_at(("partners",)))]
    for scope in scopes:
        first: dict[str, Path] = {}
        for service in document.items_at((*scope, "services")):
            known = first.setdefault(folded(str(service[-1])), service)
            if known != service:
                document.fault(
                    service, f"is the same service as {where(document, known)}: join them"
                )


def _terms_are_known(document: Document) -> None:
    for partner in document.items_at(("partners",)):
        terms = list(document.items_at((*partner, "contract", "terms")))
        must_differ(
            document,
            [(*term, "metric") for term in terms],
            "is a term of this contract already",
            folded,
        )
        for term in terms:
            _term_is_plausible(document, term)


def _term_is_plausible(document: Document, term: Path) -> None:
    metric = document.text_at((*term, "metric"))
    if metric is None:
        return
    known = CATALOGUE.get(metric)
    if known is None:
        # Another name is a KPI that a source measures; one so close is a slip.
        meant = nearest(metric.replace("-", "_"), CATALOGUE, likeness=0.9)
        if meant is not None:
            document.fault((*term, "metric"), f"unknown KPI {metric!r}. Did you mean {meant}?")
        return
    path = (*term, "target")
    target = number_at(document, path)
    if known.unit.is_per_cent and target is not None and target > _MOST_LIKELY_A_SHARE:
        written = str(document.text_at(path)).strip()
        document.fault(path, f"{metric} is a share: write {written}% or a number from 0 to 1")
