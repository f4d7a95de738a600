"""`state_dict` and `load_state_dict`: all mismatches in one error, nothing changed by it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd_core import Value
from nn import MLP, Embedding, LayerNorm, Linear, Module, PReLU, Sequential
from nn.state import load_state
from tests.support.against_torch import torch


def net() -> Sequential:
    return Sequential(Linear(2, 3, seed=0), PReLU(), Linear(3, 1, seed=1))


def test_the_state_is_a_copy_in_float64() -> None:
    module = net()
    state = module.state_dict()
    assert {name: (a.shape, a.dtype) for name, a in state.items()} == {
        "0.weight": ((3, 2), np.dtype("float64")),
        "0.bias": ((3,), np.dtype("float64")),
        "1.weight": ((1,), np.dtype("float64")),
        "2.weight": ((1, 3), np.dtype("float64")),
        "2.bias": ((1,), np.dtype("float64")),
    }
    state["0.bias"][:] = 7.0
    assert module.state_dict()["0.bias"].max() < 1.0


def test_a_state_goes_from_one_module_to_another() -> None:
    first, second = net(), net()
    for i, value in enumerate(first.parameters()):
        value.data = i / 7.0
    assert second.load_state_dict(first.state_dict()) == ([], [])
    assert [p.data for p in second.parameters()] == [i / 7.0 for i in range(14)]
    assert second([1.0, 2.0])[0].data == first([1.0, 2.0])[0].data


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 5e-324, -0.0, 0.1 + 0.2])
def test_numbers_arrive_bit_for_bit(number: float) -> None:
    module = Linear(1, 1, bias=False)
    module.load_state_dict({"weight": [[number]]})
    assert module.weight[0, 0].data.hex() == number.hex()


def test_what_counts_as_an_array() -> None:
    class One(Module):
        def __init__(self) -> None:
            self.w = Value(0.0)

    one = One()
    for number in (3, 3.0, np.float32(3.0), np.array(3), np.array(3, dtype=np.uint8)):
        one.w.data = 0.0
        one.load_state_dict({"w": number})
        assert one.w.data == 3.0
    one.load_state_dict({"w": True})
    assert one.w.data == 1.0


def test_everything_wrong_is_said_at_once_and_nothing_is_changed() -> None:
    module = net()
    before = module.state_dict()
    state: dict[str, Any] = {
        "0.weight": np.ones((2, 3)),
        "0.bias": np.ones(3),
        "1.weight": ["a"],
        "2.weight": [[1.0, 2.0], [3.0]],
        "3.weight": np.ones(1),
    }
    with pytest.raises(ValueError, match="nothing was loaded") as error:
        module.load_state_dict(state)
    lines = str(error.value).splitlines()
    assert lines[:-1] == [
        "this state does not fit Sequential; nothing was loaded:",
        "  2.bias: missing",
        "  3.weight: there is no such parameter",
        "  0.weight: expected 3×2; got 2×3",
        "  1.weight: no array of real numbers, but of <U1",
    ]
    assert lines[-1].startswith("  2.weight: no array of numbers (")
    after = module.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_not_strict_forgives_names_but_no_shapes() -> None:
    module = net()
    keys = module.load_state_dict({"0.bias": [1, 2, 3], "more": 1.0}, strict=False)
    assert keys.missing_keys == ["0.weight", "1.weight", "2.weight", "2.bias"]
    assert keys.unexpected_keys == ["more"]
    assert [v.data for v in module[0].bias] == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match=r"0\.bias: expected 3; got 2"):
        module.load_state_dict({"0.bias": [5.0, 6.0]}, strict=False)
    assert [v.data for v in module[0].bias] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("number", [1j, "1", None, Value(1.0), {}])
def test_what_is_no_number(number: Any) -> None:
    with pytest.raises(ValueError, match="w: no array of real numbers, but of"):
        load_state({"w": Value(0.0)}, {"w": number}, "Net", strict=True)


def test_a_state_is_a_mapping() -> None:
    with pytest.raises(TypeError, match="a state is a mapping of names to arrays"):
        net().load_state_dict([("0.weight", 1.0)])  # type: ignore[arg-type]


def test_micrograds_modules_have_a_state() -> None:
    mlp, twin = MLP(2, [3, 1]), MLP(2, [3, 1])
    twin.load_state_dict(mlp.state_dict())
    assert twin([0.5, 2.0]).data == mlp([0.5, 2.0]).data


@pytest.mark.oracle
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_the_state_of_a_module_of_pytorch(dtype: str) -> None:
    t = torch()
    theirs = t.nn.Sequential(
        t.nn.Embedding(5, 3), t.nn.Linear(3, 2), t.nn.LayerNorm(2), t.nn.PReLU()
    ).to(getattr(t, dtype))
    ours = Sequential(Embedding(5, 3), Linear(3, 2), LayerNorm(2), PReLU())
    assert ours.load_state_dict(theirs.state_dict()) == ([], [])
    for name, tensor in theirs.state_dict().items():
        assert np.array_equal(ours.state_dict()[name], tensor.double().numpy())
    # and back
    theirs.double().load_state_dict(
        {name: t.tensor(array) for name, array in ours.state_dict().items()}
    )


@pytest.mark.oracle
def test_a_state_of_pytorch_that_does_not_fit() -> None:
    t = torch()
    with pytest.raises(ValueError, match=r"weight: expected 2×3; got 3×2"):
        Linear(3, 2).load_state_dict(t.nn.Linear(2, 3).state_dict())
    with pytest.raises(ValueError, match="weight: no array of numbers"):
        Linear(3, 2).load_state_dict(t.nn.Linear(3, 2).to(t.bfloat16).state_dict())
    parameters = dict(t.nn.Linear(3, 2).named_parameters())  # they require gradients
    Linear(3, 2).load_state_dict(parameters)
