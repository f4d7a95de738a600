"""Which nodes stand as one in print: whole arrays, and only these."""

from __future__ import annotations

from typing import Any

from autograd_core.blocks import Block
from autograd_core.expression import Quantity
from autograd_core.tracing import Trace
from autograd_core.worksheet import Worksheet
from viz import explain
from viz.document import Names
from viz.solution.chains import Chains
from viz.solution.setting import Setting, listed


def setting_of(text: str, by_layer: bool = True) -> Setting:
    sheet = Worksheet.parse(text)
    trace = Trace(sheet.output, sheet.wrt, "layer", sheet.assigned)
    names = Names(trace.landmarks)
    return Setting(trace, sheet, names, Chains(names), by_layer)


def gathered(text: str, *names: str) -> list[str]:
    setting = setting_of(text)
    assert setting.sheet is not None
    nodes = [setting.sheet.nodes[name] for name in names]
    return [
        f"{unit.name}{list(unit.shape)}" if isinstance(unit, Block) else str(unit.name)
        for unit in setting.gathered(nodes)
    ]


ARRAYS = "W = [[1, 2], [3, 4]]; x = [5]; y = [x[0], 6]; a = 7; L = sum(W @ y) + a"


def test_whole_arrays_are_gathered() -> None:
    whole = ("W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]")
    assert gathered(ARRAYS, *whole) == ["W[2, 2]"]
    assert gathered(ARRAYS, *reversed(whole), "a") == ["W[2, 2]", "a"]
    assert gathered(ARRAYS, "a", "x[0]", *whole) == ["a", "x[1]", "W[2, 2]"]


def test_parts_of_arrays_are_not() -> None:
    assert gathered(ARRAYS, "W[0, 0]", "W[0, 1]") == ["W[0, 0]", "W[0, 1]"]
    assert gathered(ARRAYS, "W[1, 1]") == ["W[1, 1]"]
    assert gathered(ARRAYS, "y[1]") == ["y[1]"]


def test_only_by_layer() -> None:
    for by_layer, expected in ((True, 1), (False, 2)):
        setting = setting_of(ARRAYS, by_layer)
        assert setting.sheet is not None
        assert len(setting.units(setting.sheet.values["y"])) == expected


def test_what_is_given_and_asked() -> None:
    """y = [6] would be wrong: it is the entry y[1] that was typed."""
    head = explain(Worksheet.parse(ARRAYS + "; given(W[0, 0])")).text(200)[:200]
    assert "with   W = [[1, 2], [3, 4]], x = [5], y[1] = 6, a = 7\n" in head
    assert "given  W[0,0]\n" in head
    assert "asked  dL/dW[0,1], dL/dW[1,0], dL/dW[1,1], dL/dx, dL/dy[1], dL/da\n" in head


def test_lists() -> None:
    items: list[list[Any]] = [["a"], [Quantity(2.0), " b"], ["c"]]
    assert listed(items) == ("a", ", ", Quantity(2.0), " b", ", ", "c")
    assert listed([]) == ()
