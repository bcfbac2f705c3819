from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from bot.sources.lenient import read_leniently


class Wheel(BaseModel):
    size: int


class Cart(BaseModel):
    name: str
    load: float | None = None
    wheels: list[Wheel] = []


json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "load", "wheels", "size", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_whatever_comes_is_read_or_rejected(raw: JsonValue) -> None:
    cart, rejected = read_leniently(Cart, raw, "cart 1")
    assert cart is not None or rejected
    assert all(one.place.startswith("cart 1") and one.reason for one in rejected)


def test_what_is_broken_is_named_by_its_own_path() -> None:
    raw: JsonValue = {"name": "A", "load": "much", "wheels": [{}, {"size": 3}, {"size": "big"}]}
    cart, rejected = read_leniently(Cart, raw, "cart 1")
    assert cart == Cart(name="A", wheels=[Wheel(size=3)])
    assert {one.place for one in rejected} == {
        "cart 1:load",
        "cart 1:wheels.0",
        "cart 1:wheels.2.size",
        "cart 1:wheels.2",
    }


def test_what_was_given_is_left_as_it_was() -> None:
    raw: JsonValue = {"name": "A", "load": "much"}
    read_leniently(Cart, raw, "cart 1")
    assert raw == {"name": "A", "load": "much"}
