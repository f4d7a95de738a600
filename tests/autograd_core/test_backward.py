"""The backward sweep: sums over paths, repeated calls, the strong zero, errors under anomalies."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd_core as ac
from autograd_core import DomainError, Value, detect_anomaly, topological_order, zero_grad
from autograd_core.backward import adjoints

inf = math.inf


@pytest.mark.system("S002-05")
def test_contributions_of_all_paths_add_up() -> None:
    x, y = Value(2.0), Value(3.0)
    product = x * y
    z = product * x + product
    z.backward()
    assert x.grad == 2.0 * 2.0 * 3.0 + 3.0
    assert y.grad == 2.0 * 2.0 + 2.0
    assert product.grad == 3.0
    assert z.grad == 1.0


def test_an_operand_that_appears_several_times_gets_every_partial() -> None:
    x = Value(3.0)
    ac.sum([x, x, x, 2.0]).backward()
    assert x.grad == 3.0
    zero_grad(x)
    (x**x).backward()
    assert x.grad == pytest.approx(27.0 * (1.0 + math.log(3.0)), rel=1e-15)


def test_doubling_sixty_times_takes_sixty_steps() -> None:
    """Walking paths instead of nodes would take 2**60."""
    x = first = Value(1.0)
    for _ in range(60):
        x = x + x
    assert len(topological_order(x)) == 61
    x.backward()
    assert x.data == 2.0**60
    assert first.grad == 2.0**60
    x.backward()
    assert first.grad == 2.0**61
    assert adjoints(x)[first] == 2.0**60


def test_backward_of_a_leaf_is_one() -> None:
    x = Value(3.0)
    x.backward()
    x.backward()
    assert x.grad == 2.0


def test_backward_twice_gives_inner_nodes_the_same_and_leaves_the_double() -> None:
    x = Value(0.5)
    inner = x.tanh()
    y = inner * inner * x
    y.backward()
    once, below = x.grad, inner.grad
    y.backward()
    assert x.grad == 2.0 * once
    assert inner.grad == below
    zero_grad(x)
    y.backward()
    assert x.grad == once


def test_two_outputs_over_one_graph_do_not_disturb_each_other() -> None:
    x = Value(3.0)
    inner = x * x
    first, second = inner * 2.0, inner * 5.0
    first.backward()
    assert inner.grad == 2.0
    second.backward()
    assert inner.grad == 5.0
    assert x.grad == 12.0 + 30.0


def test_nodes_above_the_root_and_beside_it_are_not_touched() -> None:
    x, beside = Value(3.0), Value(4.0)
    inner = x * x
    above = inner * beside
    inner.backward()
    assert (above.grad, beside.grad, x.grad) == (0.0, 0.0, 6.0)


def test_adjoints_write_nothing() -> None:
    x = Value(3.0)
    y = x * x
    found = adjoints(y)
    assert found == {x: 6.0, y: 1.0}
    assert (x.grad, y.grad) == (0.0, 0.0)


def test_zero_grad_takes_values_arrays_and_nested_lists() -> None:
    a, b, c, d = (Value(1.0) for _ in range(4))
    for v in (a, b, c, d):
        v.grad = 5.0
    zero_grad(a, np.array([[b]]), [[c], (d,)])
    assert [v.grad for v in (a, b, c, d)] == [0.0] * 4
    zero_grad()


# --- the strong zero --------------------------------------------------------------------------


def test_a_zero_adjoint_never_meets_an_infinite_partial() -> None:
    x = Value(0.0)
    root = ac.sqrt(x)
    assert root.partials == (inf,)
    (root * 0.0).backward()
    assert x.grad == 0.0
    assert root.grad == 0.0


def test_adjoints_that_cancel_to_zero_stop_the_sweep_too() -> None:
    x = Value(0.0)
    root = ac.log(x + 0.0)
    y = root * 0.0 + (root - root) * 0.0
    y.backward()
    assert x.grad == 0.0


def test_the_branch_not_taken_passes_no_gradient_back() -> None:
    x = Value(0.0)
    y = ac.where(ac.step(x), ac.log(x) / x, 2.0 * x)
    y.backward()
    assert x.grad == 2.0


def test_an_infinite_slope_with_a_gradient_stays_infinite() -> None:
    x = Value(0.0)
    ac.sqrt(x).backward()
    assert x.grad == inf


# --- anomalies --------------------------------------------------------------------------------


def test_an_infinite_slope_is_named_under_detect_anomaly() -> None:
    x = Value(0.0, "x")
    y = (3.0 * ac.sqrt(x).named("root")).named("y")
    with detect_anomaly(), pytest.raises(DomainError) as raised:
        y.backward()
    assert str(raised.value) == (
        "the derivative of sqrt in operand 1 is inf at 0, "
        "and the gradient that arrives at root is 3"
    )
    assert raised.value.operation == "sqrt"
    assert raised.value.node.name == "root"
    assert x.grad == y.grad == 0.0


def test_an_infinite_slope_whose_gradient_is_zero_is_no_anomaly() -> None:
    x = Value(0.0, "x")
    y = 0.0 * ac.sqrt(x)
    with detect_anomaly():
        y.backward()
    assert x.grad == 0.0


def test_an_overflow_of_the_gradient_is_named_under_detect_anomaly() -> None:
    x = Value(1e-200, "x")
    y = (x * 1e200).named("u") * 1e200
    with detect_anomaly(), pytest.raises(DomainError, match="the gradient of x is inf"):
        y.backward()
    assert x.grad == 0.0


def test_a_slope_of_a_constant_operand_is_no_anomaly() -> None:
    """x³ at −2 has no slope in its exponent, and the exponent is no node."""
    x = Value(-2.0, "x")
    with detect_anomaly():
        y = x**3
        y.backward()
    assert x.grad == 12.0
