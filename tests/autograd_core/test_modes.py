"""`no_grad`, `detect_anomaly` and `scope`: what they switch, that they nest and end."""

from __future__ import annotations

import gc
import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import AutogradError, DomainError, Value, detect_anomaly, modes, no_grad, scope


def test_under_no_grad_results_are_leaves_with_the_right_numbers() -> None:
    w = Value(2.0, "w")
    with no_grad():
        for y in (w * 3.0, -w, abs(w), w.tanh(), ac.sum([w, w]), w**2, np.array([w]) @ [1.0]):
            assert y.is_leaf
            assert (y.operands, y.partials) == ((), ())
        assert (w * 3.0).data == 6.0
    assert not (w * 3.0).is_leaf


def test_a_result_of_no_grad_stops_gradients_and_can_be_set() -> None:
    w = Value(2.0)
    with no_grad():
        fixed = w * 3.0
    y = fixed * w
    y.backward()
    assert w.grad == 6.0
    assert fixed.grad == 2.0
    fixed.data = 1.0


def test_a_step_of_gradient_descent_under_no_grad() -> None:
    w = Value(2.0)
    (w * w).backward()
    with no_grad():
        w.data = (w - 0.1 * w.grad).data
    assert w.data == pytest.approx(1.6)


def test_backward_works_inside_no_grad() -> None:
    w = Value(2.0)
    y = w * w
    with no_grad():
        y.backward()
    assert w.grad == 4.0


def held_open() -> None:
    """Garbage whose collection ends a `no_grad()` block."""

    def numbers() -> Iterator[None]:
        with no_grad():
            yield from cycle[1:]
            yield

    cycle: list[Any] = [numbers()]
    next(cycle[0])


@pytest.fixture
def no_collection() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100_000)
    yield
    gc.set_threshold(*thresholds)
    gc.collect()
    assert modes.current is None


@pytest.mark.parametrize("later", range(14))
def test_garbage_that_ends_a_block_while_another_begins(no_collection: None, later: int) -> None:
    held_open()
    block = scope("a")
    young = [(i, i) for i in range(2100)]  # tuples that are kept ready are used up
    gc.set_threshold(gc.get_count()[0] + later)
    with block:
        gc.set_threshold(100_000)
        del young
        assert (Value(1.0) * 2.0).is_leaf == (len(modes._active) > 1)


@pytest.mark.parametrize("later", range(30))
def test_garbage_that_ends_a_block_while_others_go_on(no_collection: None, later: int) -> None:
    first, *rest = [scope(f"{i}") for i in range(10)]
    for block in (first, *rest):
        block.__enter__()
    held_open()
    young = [[tuple(range(n)) for _ in range(2100)] for n in range(1, 5)]
    kept = list(modes._active)
    gc.set_threshold(gc.get_count()[0] + later)
    first.__exit__()
    gc.set_threshold(100_000)
    del young, kept
    assert (Value(1.0) * 2.0).scope == tuple(f"{i}" for i in range(1, 10))
    for block in reversed(rest):
        block.__exit__()


def test_a_block_that_finds_no_memory_has_not_begun() -> None:
    testcapi = pytest.importorskip("_testcapi", reason="this Python comes without its test modules")
    failed = 0
    for start in range(40):
        with scope("around"):
            block = no_grad()
            testcapi.set_nomemory(start, start + 1)
            try:
                block.__enter__()
                begun = True
            except MemoryError:
                begun = False
            finally:
                testcapi.remove_mem_hooks()
            failed += not begun
            if begun:
                block.__exit__()
            assert not (Value(1.0) * 2.0).is_leaf
        assert modes.current is None
    assert failed > 1


@pytest.mark.parametrize("mode", [no_grad, detect_anomaly, lambda: scope("s")])
def test_a_mode_ends_with_its_block_even_by_an_exception(mode) -> None:
    def fail() -> None:
        with mode():
            assert modes.current is not None
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert modes.current is None


def test_modes_nest_and_leave_each_other_alone() -> None:
    with no_grad():
        with scope("a"), detect_anomaly():
            inside = Value(1.0) * 2.0
            assert inside.is_leaf
            assert inside.scope == ("a",)
            with pytest.raises(DomainError):
                ac.log(Value(0.0))
        assert ac.log(Value(0.0)).data == -math.inf
        assert (Value(1.0) * 2.0).scope == ()
        with no_grad():
            pass
        assert (Value(1.0) * 2.0).is_leaf
    assert modes.current is None


def test_a_mode_can_be_a_decorator() -> None:
    @no_grad()
    def double(v: Value) -> Value:
        return v * 2.0

    assert double(Value(1.0)).is_leaf
    assert double(Value(1.0)).is_leaf
    assert modes.current is None


def test_scopes_nest_in_order_and_hold_for_leaves_and_results() -> None:
    with scope("layer"):
        w = Value(1.0, "w")
        with scope("neuron"):
            y = w * 2.0
        z = y * 2.0
    assert (w.scope, y.scope, z.scope) == (("layer",), ("layer", "neuron"), ("layer",))
    assert (z * 2.0).scope == ()


# --- anomalies --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Value(-3.0, "x").log(), "log(x) is not a number at x = -3"),
        (lambda: Value(0.0, "x").log(), "log(x) is infinite at x = 0"),
        (lambda: 1 / Value(0.0, "x"), "div(1, x) is infinite at 1, x = 0"),
        (lambda: Value(1e200) * Value(1e200, "b"),
         "mul(1e+200, b) is infinite at 1e+200, b = 1e+200"),
        (lambda: Value(-8.0, "x") ** 0.1, "pow(x, 0.1) is not a number at x = -8, 0.1"),
        (lambda: Value(1000.0, "x").exp(), "exp(x) is infinite at x = 1000"),
        (lambda: ac.elu(Value(-1e308, "x"), 2.0) * 1e308,
         "mul(-2, 1e+308) is infinite at -2, 1e+308"),
        (lambda: ac.sum([Value(math.inf, "a"), Value(-math.inf, "b")]),
         "sum(a, b) is not a number at a = inf, b = -inf"),
    ],
)  # fmt: skip
def test_an_anomaly_names_operation_operands_and_values(make, message: str) -> None:
    make()  # silent without the mode
    with detect_anomaly(), pytest.raises(DomainError) as raised:
        make()
    assert str(raised.value) == message
    assert raised.value.operation == message.partition("(")[0]
    assert isinstance(raised.value.node, Value)


def test_an_anomaly_is_an_arithmetic_error_of_this_package() -> None:
    assert issubclass(DomainError, (AutogradError, ArithmeticError))
    with detect_anomaly(), pytest.raises(ArithmeticError):
        Value(0.0).log()


def test_the_node_of_an_anomaly_says_where_it_belongs() -> None:
    with pytest.raises(DomainError) as caught, scope("hidden"), detect_anomaly():
        Value(-1.0).log()
    assert caught.value.node.scope == ("hidden",)


def test_a_default_option_is_not_shown_in_an_anomaly() -> None:
    with detect_anomaly(), pytest.raises(DomainError, match=r"^elu\(x\) is infinite at x = inf$"):
        ac.elu(Value(math.inf, "x"))


def test_anomalies_are_found_in_arrays_of_values() -> None:
    xs = np.array([Value(1.0, "a"), Value(-1.0, "b")])
    with detect_anomaly(), pytest.raises(DomainError, match=r"log\(b\)"):
        np.log(xs)
    with detect_anomaly(), pytest.raises(DomainError, match=r"log\(b\)"):
        ac.log(xs)


def test_finite_results_pass_under_detect_anomaly() -> None:
    rnd = random.Random(0)
    with detect_anomaly():
        for _ in range(50):
            x = Value(rnd.uniform(0.1, 3.0))
            (x.log() * x.exp() / x + x**0.5).backward()
            assert math.isfinite(x.grad)
