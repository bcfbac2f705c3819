"""HTML in which every text from outside is text."""

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Already escaped."""

    __slots__ = ()


def escaped(content: str) -> Html:
    return content if isinstance(content, Html) else Html(escape(content))


def joined(*parts: str) -> Html:
    return Html("".join(escaped(part) for part in parts))


def element(tag: str, content: str, **attributes: str) -> Html:
    """`class_` is the attribute `class`, `aria_label` is `aria-label`."""
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
    )
    return Html(f"<{tag}{told}>{escaped(content)}</{tag}>")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> Html:
    """The first `texts` columns are words, the others figures."""

    def line(cell: str, values: Sequence[str]) -> Html:
        cells = (
            element(cell, value, class_="text") if at < texts else element(cell, value)
            for at, value in enumerate(values)
        )
        return element("tr", joined(*cells))

    body = joined(*(line("td", row) for row in rows))
    head = element("thead", line("th", heads))
    return element("div", element("table", joined(head, element("tbody", body))), class_="scroll")
