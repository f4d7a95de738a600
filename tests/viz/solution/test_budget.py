"""What a cut solution shows: fair shares, every item shown or counted, nothing made in vain."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.document import Row
from viz.solution.budget import MOST_EDGES, Gap, Listing, limited, select, shares

NEEDS = st.lists(st.integers(0, 500), max_size=12)
SCOPES = st.lists(
    st.lists(st.sampled_from("abc"), max_size=5).map(".".join), min_size=1, max_size=80
)


@given(NEEDS, st.integers(0, 400))
def test_shares_are_used_up_and_fair(needs: list[int], most: int) -> None:
    got = shares(needs, most)
    assert sum(got) == min(most, sum(needs))
    assert all(0 <= g <= need for g, need in zip(got, needs, strict=True))
    hungry = [g for g, need in zip(got, needs, strict=True) if g < need]
    # who wants more has no less than any other, but for the last line that cannot be divided
    assert all(max(got) <= g + 1 for g in hungry)


@given(SCOPES, st.integers(2, 90))
def test_every_item_is_shown_or_counted_in_a_gap_of_its_scope(scopes: list[str], most: int) -> None:
    items = list(select(scopes, most))
    assert len(items) <= most
    shown = [item for item in items if isinstance(item, int)]
    gaps = [item for item in items if isinstance(item, Gap)]
    assert shown == sorted(set(shown))
    assert len(shown) + sum(gap.count for gap in gaps) == len(scopes)
    assert len({gap.scope for gap in gaps}) == len(gaps)
    left = Counter(scopes) - Counter(scopes[i] for i in shown)
    for gap in gaps:
        inside = f"{gap.scope}." if gap.scope else ""
        assert gap.count <= sum(n for s, n in left.items() if f"{s}.".startswith(inside))


def test_each_scope_keeps_its_first_items() -> None:
    assert list(select(["x"] + ["y"] * 9 + ["z"], 6)) == [0, 1, 2, 3, Gap("y", 6), 10]


def test_deep_scopes_are_shortened_until_there_is_room_for_each() -> None:
    scopes = [f"net.{layer}.{neuron}" for layer in "pq" for neuron in range(9) for _ in range(3)]
    assert list(select(scopes, 7)) == [0, 1, 2, Gap("net.p", 24), 27, 28, Gap("net.q", 25)]
    assert list(select(scopes, 3)) == [0, 1, Gap("net", 52)]


@pytest.mark.parametrize(("count", "most", "shown", "gap"),
                         [(5, None, 5, 0), (5, 5, 5, 0), (5, 4, 3, 2), (5, 2, 1, 4), (5, 1, 1, 4)])
def test_limited_rows_are_not_even_made(
    count: int, most: int | None, shown: int, gap: int
) -> None:
    made: list[int] = []

    def rows() -> object:
        for i in range(count):
            made.append(i)
            yield Row(number=i)

    found = list(limited(rows(), count, most))  # type: ignore[arg-type]
    assert [row.number for row in found[:shown]] == made == list(range(shown))
    assert [row.words for row in found[shown:]] == ([(f"… {gap} more",)] if gap else [])


def test_a_listing_makes_the_rows_that_it_shows() -> None:
    made: list[tuple[int, int | None]] = []

    def make(i: int, most: int | None) -> Row:
        made.append((i, most))
        return Row(number=i)

    listing = Listing("T", ["a"] * 6, [1, 1, 1, 1, 1, 1000], make)
    assert listing.lines == 1005
    section = listing.section(6)
    assert [row.number for row in section.rows] == [0, None]  # the last would take eight
    assert section.rows[-1].words == ("… 5 more of a",)
    assert made == [(0, MOST_EDGES)]
    made.clear()
    assert len(listing.section(None).rows) == len(made) == 6
    assert {most for _, most in made} == {None}
