"""Groups, steps and states of optimizers: what they take, keep and refuse."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import numpy as np
import pytest

from autograd_core import Value, no_grad
from nn import MLP, optim
from tests.support.against_torch import as_values


def quadratic(*values: Value) -> None:
    """Gradients of Σ ½·w²: each parameter's own number."""
    for value in values:
        value.grad = value.data


def test_parameters_in_any_arrangement() -> None:
    net = MLP(2, [2, 1])
    for params in (net.parameters(), iter(net.parameters()), [net.layers[0].neurons[0].w]):
        assert optim.SGD(params, lr=0.1).param_groups[0]["params"][0] is net.parameters()[0]
    w = as_values([[1.0, 2.0], [3.0, 4.0]])
    for params in (w, [w], w.tolist(), [{"params": w}], w[0, 0]):
        optimizer = optim.SGD(params, lr=0.5)
        assert optimizer.param_groups[0]["params"][0] is w[0, 0]
    quadratic(*w.flat)
    optim.SGD([w], lr=0.5).step()
    assert [v.data for v in w.flat] == [0.5, 1.0, 1.5, 2.0]


def test_groups_have_options_of_their_own() -> None:
    a, b, c = Value(1.0), Value(1.0), Value(1.0)
    optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 0.25}], lr=0.5)
    optimizer.add_param_group({"params": [c], "weight_decay": 1.0})
    quadratic(a, b, c)
    optimizer.step()
    assert [a.data, b.data, c.data] == [0.5, 0.75, 0.0]
    optimizer.param_groups[1]["lr"] = 0.0
    quadratic(a, b, c)
    optimizer.step()
    assert b.data == 0.75


def test_numbers_are_read_at_each_step() -> None:
    """Set in between, by loading or by hand, a number is where the next step starts."""
    w = Value(1.0)
    optimizer = optim.Adam([w], lr=0.1)
    quadratic(w)
    optimizer.step()
    w.data = 7.0
    w.grad = 0.0
    optimizer.step()
    assert 6.8 < w.data < 7.0


def test_zero_grad_and_closure() -> None:
    w = Value(2.0)
    optimizer = optim.SGD([w], lr=0.25)

    def closure() -> Value:
        optimizer.zero_grad()
        loss = w * w
        loss.backward()
        return loss

    assert optimizer.step(closure).data == 4.0
    assert w.data == 1.0
    assert optimizer.step(closure).data == 1.0
    assert optimizer.step() is None
    optimizer.zero_grad()
    assert w.grad == 0.0


def test_a_descent_that_runs_away_warns_of_nothing() -> None:
    w = Value(1.0)
    optimizer = optim.SGD([w], lr=1e200, momentum=0.9)
    for _ in range(4):
        quadratic(w)
        optimizer.step()
    assert not math.isfinite(w.data)


def test_the_empty_group() -> None:
    """Beside others it is none; alone it is a mistake."""
    w = Value(1.0)
    optimizer = optim.Adam([{"params": []}, {"params": [w]}])
    quadratic(w)
    optimizer.step()
    assert w.data < 1.0
    for nothing in ([], [{"params": []}], iter([])):
        with pytest.raises(ValueError, match=r"Adam got no parameters: give module\.parameters"):
            optim.Adam(nothing)


def test_what_cannot_be_moved() -> None:
    w = Value(1.0, "w")
    with pytest.raises(ValueError, match="y was computed by mul: an optimizer moves leaves"):
        optim.SGD([w, (w * w).named("y")])
    with no_grad():
        optim.SGD([w * w])  # a leaf
    with pytest.raises(ValueError, match="w appears twice"):
        optim.SGD([w, w])
    twice = Value(1.0)
    with pytest.raises(ValueError, match="a parameter appears twice"):
        optim.SGD([{"params": [twice]}, {"params": [w, twice]}])
    for wrong in ([1.0], "w", None, 3.0, [w, {"params": [Value(1.0)]}]):
        with pytest.raises(TypeError, match="parameters are Values"):
            optim.SGD(wrong)
    with pytest.raises(TypeError, match="a group stands in a list"):
        optim.SGD({"params": [w]})


def test_mistakes_in_a_group() -> None:
    optimizer = optim.SGD([Value(1.0)])
    with pytest.raises(ValueError, match="SGD has no option betas; it has lr, momentum"):
        optimizer.add_param_group({"params": [Value(1.0)], "betas": (0.9, 0.99)})
    with pytest.raises(ValueError, match='a group of SGD has its parameters under "params"'):
        optimizer.add_param_group({"lr": 0.1})
    with pytest.raises(ValueError, match="SGD: lr is a number from 0 on; got -1"):
        optimizer.add_param_group({"params": [Value(1.0)], "lr": -1})
    assert len(optimizer.param_groups) == len(optimizer.state) == 1


def test_repr() -> None:
    text = repr(optim.SGD([Value(1.0), Value(2.0)], lr=0.1))
    assert text.startswith("SGD(2 parameters, lr=0.1, momentum=0.0,")


# --- states -----------------------------------------------------------------------------------


def stepped() -> tuple[optim.Adam, list[Value]]:
    w = [Value(1.0), Value(2.0), Value(3.0)]
    optimizer = optim.Adam([{"params": w[:2]}, {"params": w[2:], "betas": (0.5, 0.75)}], lr=0.1)
    quadratic(*w)
    optimizer.step()
    return optimizer, w


def test_a_state_is_lists_and_numbers() -> None:
    optimizer, _ = stepped()
    state = optimizer.state_dict()
    assert state["state"][1] == {"m": [1.5], "v": [2.25], "steps": 1}
    assert [group["params"] for group in state["param_groups"]] == [[0, 1], [2]]
    assert state["param_groups"][1]["betas"] == [0.5, 0.75]
    assert json.loads(json.dumps(state)) == state
    fresh = optim.SGD([Value(1.0)], lr=0.1).state_dict()
    assert fresh["state"] == [{}]


def test_a_state_loaded_is_a_copy() -> None:
    optimizer, w = stepped()
    state = optimizer.state_dict()
    kept = copy.deepcopy(state)
    quadratic(*w)
    optimizer.step()
    assert state == kept
    optimizer.load_state_dict(state)
    quadratic(*w)
    optimizer.step()
    assert state == kept
    assert optimizer.param_groups[1]["betas"] == (0.5, 0.75)


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """A good state with one entry replaced, or removed by Ellipsis."""
    state = stepped()[0].state_dict()
    inner: Any = state
    for key in path[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return state


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["state"], ..., "has the lists state and param_groups, an entry for each of its 2 groups"),
        (["param_groups"], {}, "has the lists state and param_groups"),
        (["state"], [{}], "has the lists state and param_groups"),
        (["param_groups", 0], None, "group 0 of Adam has 2 parameters"),
        (["param_groups", 0, "params"], [0], "group 0 of Adam has 2 parameters"),
        (["param_groups", 1, "params"], 1, "group 1 of Adam has 1 parameters"),
        (["param_groups", 1, "lr"], ..., "the saved state differs in lr"),
        (["param_groups", 1, "momentum"], 0.5, "the saved state differs in momentum"),
        (["param_groups", 1, "lr"], "0.1", "Adam: lr is a number from 0 on; got '0.1'"),
        (["param_groups", 1, "lr"], math.nan, "Adam: lr is a number from 0 on; got nan"),
        (["param_groups", 1, "betas"], [0.9], "Adam: betas is two numbers"),
        (["param_groups", 1, "amsgrad"], 1, "Adam: amsgrad is True or False; got 1"),
        (["state", 0], [], "group 0 of Adam keeps m, v, largest, steps"),
        (["state", 0, "velocity"], [1.0, 2.0], "group 0 of Adam keeps m, v, largest, steps"),
        (["state", 0, "m"], [1.0], "m of group 0 of Adam is a list of 2 numbers"),
        (["state", 0, "m"], 1.0, "m of group 0 of Adam is a list of 2 numbers"),
        (["state", 0, "m"], [1.0, "2.0"], "m of group 0 of Adam is a list of 2 numbers"),
        (["state", 0, "m"], [1.0, True], "m of group 0 of Adam is a list of 2 numbers"),
        (["state", 0, "m"], [[1.0], [2.0]], "m of group 0 of Adam is a list of 2 numbers"),
        (["state", 0, "steps"], 1.5, "steps of group 0 of Adam is a whole number"),
        (["state", 0, "steps"], -1, "steps of group 0 of Adam is a whole number"),
        (["state", 0, "steps"], [1], "steps of group 0 of Adam is a whole number"),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(
    path: list[Any], value: Any, message: str
) -> None:
    optimizer, _ = stepped()
    before = json.dumps(optimizer.state_dict())
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(changed(path, value))
    assert json.dumps(optimizer.state_dict()) == before


def test_states_keep_every_bit() -> None:
    w = as_values(np.random.default_rng(3).normal(size=50))
    optimizer = optim.AdamW([w], lr=0.1, amsgrad=True)
    for _ in range(3):
        quadratic(*w)
        optimizer.step()
    other = optim.AdamW([as_values(np.zeros(50))])
    other.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert other.state[0] is not None
    assert optimizer.state[0] is not None
    for name, kept in optimizer.state[0].items():
        np.testing.assert_array_equal(other.state[0][name], kept)
