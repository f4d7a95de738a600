"""The table: how sides take turns, how ratios are taken, how a part is printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks import ratios as module
from benchmarks import timing
from benchmarks.comparisons import FLOATS, OURS, compared, comparisons, linear_batch, over_floats
from benchmarks.peers import PEERS
from benchmarks.ratios import number, peers_rows, rows_of_ours, span, verdict
from benchmarks.sides import ours
from benchmarks.timing import Ratio, interleaved
from benchmarks.workloads import perceptron


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that stands still until it is moved."""
    now = 0.0

    def move(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(timing, "clock", lambda: now)
    return move


def test_sides_take_turns_and_a_slow_one_leaves(clock: Callable[[float], None]) -> None:
    called: list[str] = []

    def side(name: str, seconds: float) -> Callable[[], None]:
        def run() -> None:
            called.append(name)
            clock(seconds)

        return run

    sides = {"a": side("a", 0.25), "slow": side("slow", 3.0)}
    seconds = interleaved(sides, lambda: called.append("check"), rounds=3, patience=2.0)
    assert called == ["a", "slow", "check", *["a"] * 6]
    assert seconds == {"a": [0.25] * 4, "slow": [3.0]}


def test_a_check_that_fails_stops_the_timing() -> None:
    called: list[str] = []

    def disagree() -> None:
        raise AssertionError

    with pytest.raises(AssertionError):
        interleaved({"a": lambda: called.append("a")}, disagree)
    assert called == ["a"]


def test_ratios_are_taken_round_by_round() -> None:
    unit = [1.0, 1.0, 2.0, 4.0]  # the machine became slower, for both
    assert Ratio.of([7.0, 3.0, 6.0, 12.0], unit) == Ratio(3.0, 3.0, 3.0, 6.0)
    once = Ratio.of([7.0], unit)
    assert once == Ratio(7.0, 7.0, 7.0, 7.0)
    assert span(once) == "(one round)"


def test_every_comparison_has_a_title_and_targets_of_its_own() -> None:
    found = comparisons()
    assert len({part.title for part in found}) == len(found)
    for part in found:
        assert part.targets.keys() <= part.ours.keys()
        assert all(len(name) <= 30 for name in (*part.ours, FLOATS))
        assert len(part.title) <= 80


def test_a_row_may_be_without_a_target() -> None:
    part = compared("small", {OURS: (perceptron(4, 2), None)})
    ratio = Ratio(2.0, 1.5, 2.5, 0.1)
    assert rows_of_ours(part, {FLOATS: ratio, OURS: ratio}, {})[1:] == [
        "  autograd-core                    2.00  (1.50–2.50)"
    ]


def test_a_batch_through_linear_agrees_with_floats_and_fits_the_page() -> None:
    part = linear_batch(batch=3, features=2, units=4)
    assert set(over_floats(part, part.ours, rounds=1)) == {FLOATS, OURS}
    found = {FLOATS: Ratio(1.0, 1.0, 1.0, 0.0123), OURS: Ratio(1234.5, 999.5, 2000.0, 1.0)}
    lines = rows_of_ours(part, found, {OURS: 38.25})
    assert lines[0] == f"{'  ' + FLOATS:32}   1.00  12.30 ms"
    assert lines[1].split() == [OURS, "1,234", "(1,000–2,000)", *lines[1].split()[3:]]
    assert lines[1].endswith("38.2")
    assert all(len(line) <= 80 for line in lines)


def test_a_wrong_bias_gradient_of_linear_is_noticed() -> None:
    part = linear_batch(batch=3, features=2, units=4)
    part.floats()
    part.ours[OURS]()
    part.check({FLOATS: part.floats})
    part.ours[OURS].layer.bias[0].grad += 0.01  # type: ignore[attr-defined]
    with pytest.raises(AssertionError):
        part.check({FLOATS: part.floats})


def test_the_peers_of_a_part_are_measured_or_named() -> None:
    small = {OURS: (perceptron(4, 2), 1.6), "dot": (perceptron(4, 2, dots=True), 0.45)}
    part = compared("small", small)
    over_floats(part, part.ours, rounds=1)
    lines = peers_rows(part)
    assert lines[0].startswith("  plain floats, sum(map(mul…))")
    assert len(lines) == 1 + len(PEERS)
    assert all(len(line) <= 80 for line in lines)


def test_a_verdict_is_passed_on_the_native_engine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "engine", "python")
    assert verdict(50.0, 1.6) == "≤ 1.60"
    monkeypatch.setattr(module, "engine", "native")
    assert (verdict(1.6, 1.6), verdict(1.61, 1.6)) == ("≤ 1.60 met", "≤ 1.60 MISSED")


def test_numbers_have_three_digits() -> None:
    assert [number(x) for x in (0.452, 9.99, 9.996, 99.94, 99.96, 1234.0)] == [
        "0.45", "9.99", "10.0", "99.9", "100", "1,234",
    ]  # fmt: skip


def test_where_the_time_of_a_late_side_goes() -> None:
    side = ours(perceptron(points=2, hidden=2))
    side()
    before = side.gradient
    assert len(side.parts()) == 3
    assert side.gradient == pytest.approx(before, rel=1e-14)
    text = module.shares(ours(perceptron(points=20, hidden=4)))
    assert [word for word in text.replace(",", "").split() if word.isalpha()] == [
        "building", "backward", "freeing",
    ]  # fmt: skip
