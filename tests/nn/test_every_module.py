"""What holds for every layer, cell and loss: gradients from rows, errors, saving, what is shown."""

from __future__ import annotations

import inspect
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn import Module
from tests.support.against_torch import as_values, numbers
from tests.support.every_module import EVERY, Entry
from tests.support.modules import every_gradient, flat, gradient_uses_every_row

MICROGRAD = {"Neuron", "Layer", "MLP"}  # whose texts are micrograd's
PUBLIC = {name: getattr(nn, name) for name in nn.__all__}
CLASSES = {n for n, item in PUBLIC.items() if inspect.isclass(item) and issubclass(item, Module)}
each = pytest.mark.parametrize(("name", "entry"), EVERY.items(), ids=list(EVERY))


def made(entry: Entry, seed: int = 0) -> Module:
    random.seed(seed)  # for those that have no seed of their own
    return entry.make(seed)


def test_every_public_class_has_an_entry() -> None:
    assert set(EVERY) == CLASSES - {"Module"}


@each
def test_the_entry_is_of_its_class(name: str, entry: Entry) -> None:
    assert type(made(entry)) is getattr(nn, name)


# --- gradients ----------------------------------------------------------------------------------


@each
def test_gradients_come_from_the_rows(name: str, entry: Entry) -> None:
    """Partials 0.1 % too large in any row of its graph change a gradient."""
    module = made(entry)
    if entry.flat:
        x = as_values(entry.x)
        assert not every_gradient(lambda: module(x), module, x).any()
        return
    rows = gradient_uses_every_row(module, entry.x, *entry.others)
    assert bool(rows) is entry.rows


# --- errors -------------------------------------------------------------------------------------


def named(name: str, entry: Entry) -> str:
    """The beginning of an error: where the layer stands in another, its class, its arguments."""
    return rf"([\w ]+: )?{entry.blames or name}\(.*?\): "


@each
def test_an_input_of_another_shape(name: str, entry: Entry) -> None:
    """One error: the layer, what it takes, and the shape that came."""
    if entry.misfit is None:
        assert entry.blames is None
        return
    with pytest.raises((ValueError, IndexError)) as caught:
        made(entry)(entry.misfit, *entry.others)
    message = str(caught.value)
    assert re.match(named(name, entry), message), message
    assert re.search(r"expected|takes|needs|of one shape", message), message
    assert entry.given in re.split("got ", message)[-1], message
    assert "\n" not in message


@each
@pytest.mark.parametrize("x", ["text", [1.0 + 2.0j, 3.0]], ids=["text", "complex"])
def test_an_input_that_is_no_numbers(name: str, entry: Entry, x: Any) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        made(entry)(x, *entry.others)
    assert re.match(named(name, entry), str(caught.value)), str(caught.value)


SIZES = [(name, size) for name, entry in EVERY.items() for size in entry.sizes or {}]


@pytest.mark.parametrize(("name", "size"), SIZES)
def test_sizes_are_whole_numbers_from_one_on(name: str, size: str) -> None:
    make = (EVERY[name].sizes or {})[size]
    with pytest.raises(ValueError, match=rf"^{name}: {size} is at least 1; got \(?(2, )?0"):
        make(0)
    for wrong in (1.5, "2"):
        with pytest.raises(TypeError, match=rf"^{name}: {size} is a whole number.* not {wrong!r}$"):
            make(wrong)


# --- saving -------------------------------------------------------------------------------------


@each
@pytest.mark.parametrize("ending", [".json", ".npz"])
def test_saved_and_loaded_it_computes_the_same(
    name: str, entry: Entry, ending: str, tmp_path: Path
) -> None:
    first, second = made(entry, 0).eval(), made(entry, 1).eval()
    for value in second.parameters():
        value.data += 1.0
    nn.save(first.state_dict(), tmp_path / f"state{ending}")
    assert second.load_state_dict(nn.load(tmp_path / f"state{ending}")) == ([], [])
    results = [flat(module(entry.x, *entry.others)) for module in (first, second)]
    for ours, theirs in zip(*results, strict=True):
        assert numbers(ours).tobytes() == numbers(theirs).tobytes()


# --- what is shown ------------------------------------------------------------------------------


@each
def test_shapes_and_counts_are_shown(name: str, entry: Entry) -> None:
    module = made(entry)
    text = repr(module)
    if name in MICROGRAD:
        assert re.match(r"\w*Neuron\(2\)$|Layer of \[|MLP of \[", text), text
        return
    assert text.startswith(f"{name}(")
    for path, array in module.named_parameters():
        shape = "×".join(map(str, np.shape(array))) or "a single number"
        assert f"{path.split('.')[-1]} {shape}" in text
    count = len(module.parameters())
    assert bool(count) is ("parameter" in text.rpartition("#")[2])
    if count:
        assert text.endswith(f"{count} parameters")
