"""Derivatives along paths: against PyTorch, a quantity by itself, too many paths."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from autograd_core import Value
from autograd_core.tracing import Trace
from autograd_core.worksheet import Worksheet
from tests.support.against_torch import torch
from tests.support.formulas import mp
from tests.support.printed_chains import chains_in, exactly, misfits
from viz import explain
from viz.solution.paths import MOST_PATHS, number_of_paths, paths_between


def asked(text: str) -> list[str]:
    found = explain(Worksheet.parse(text)).text(300)
    section = found[found.index("ASKED FOR") : found.index("CHECK")]
    return [re.sub(" +", " ", line).strip() for line in section.strip().splitlines()[1:]]


def test_a_quantity_by_itself() -> None:
    assert asked("x = 2; y = x*x; L = y*y; derivative(L, L); derivative(y, y)") == [
        "dL/dL = 1", "dy/dy = 1",
    ]  # fmt: skip


def test_arrays_entry_by_entry() -> None:
    """Only the pairs that depend on each other: dy[0]/dx[1] is 0 and not written."""
    assert asked("x = [1, 2]; y = x*[3, 4]; L = sum(y); derivative(y, x)") == [
        "dy[0]/dx[0] = ∂y[0]/∂x[0] = 3", "dy[1]/dx[1] = ∂y[1]/∂x[1] = 4",
    ]  # fmt: skip


@pytest.mark.oracle
def test_a_jacobian_is_pytorchs() -> None:
    t = torch()
    W = t.tensor([[1.0, 2.0], [3.0, 5.0]], dtype=t.float64)
    x = t.tensor([0.5, -0.25], dtype=t.float64)
    jacobian = t.autograd.functional.jacobian(lambda v: W @ t.tanh(W @ v), x)
    text = "W = [[1, 2], [3, 5]]; x = [0.5, -0.25]; h = tanh(W @ x); y = W @ h; L = sum(y)"
    lines = asked(text + "; derivative(y, x)")
    assert len(lines) == 4
    for line, expected in zip(lines, jacobian.flatten().tolist(), strict=True):
        shown = line.rpartition("= ")[2].replace("−", "-")
        assert float(shown) == pytest.approx(expected, rel=1e-3)


def test_paths_that_meet_are_added() -> None:
    [line] = asked("x = 2; a = x*3; b = x*5; y = a*b; L = y; derivative(y, x)")
    assert line == "dy/dx = ∂y/∂a·∂a/∂x + ∂y/∂b·∂b/∂x = 10·3 + 6·5 = 60"


def test_at_a_fork_paths_stand_in_the_order_of_the_forward_pass() -> None:
    [line] = asked("x = 2; a = x*3; b = x*5; y = b*a; L = y; derivative(y, x)")
    assert line == "dy/dx = ∂y/∂a·∂a/∂x + ∂y/∂b·∂b/∂x = 10·3 + 6·5 = 60"


def test_a_table_has_no_column_for_a_use_elsewhere() -> None:
    """w stands in y too, on which C does not depend."""
    text = "w = 3; y = w**2; a = 2*w; b = 5*w; C = a + b; L = C*y; paths(C, w, by=[a, b])"
    found = explain(Worksheet.parse(text)).text(100)
    table = found[found.index("PATHS") :].splitlines()[1:5]
    assert [line.split() for line in table] == [
        ["dC/dw", "through", "a", "through", "b", "sum"],
        ["a", "2", "0", "2"], ["b", "0", "5", "5"], ["sum", "2", "5", "7"],
    ]  # fmt: skip


def test_too_many_paths_are_counted_not_written() -> None:
    """Each of six steps has two ways: 64."""
    steps = "; ".join(f"p{i} = 2*x{i}; q{i} = 3*x{i}; x{i + 1} = p{i} + q{i}" for i in range(6))
    [line] = asked(f"x0 = 1; {steps}; L = x6; derivative(x6, x0)")
    assert line == f"dx6/dx0 = 15625 the sum over more than {MOST_PATHS} paths"


# --- every way by itself ----------------------------------------------------------------------


def random_graph(seed: int) -> tuple[Value, Value]:
    """Named nodes, each of one to three of those before it."""
    draw = random.Random(seed)
    nodes = [Value(draw.uniform(0.5, 1.5), "x")]
    for i in range(draw.randint(3, 9)):
        below = draw.sample(nodes, min(len(nodes), draw.randint(1, 3)))
        total = below[0] * draw.uniform(0.5, 1.5)
        for node in below[1:]:
            total = total * node + draw.uniform(-1.0, 1.0)
        nodes.append(total.named(f"n{i}"))
    return nodes[-1], nodes[0]


def counted(of: Value, by: Value, edges: dict[Value, set[Value]]) -> int:
    """The ways from one node down to another, by walking all of them."""
    return 1 if of is by else sum(counted(node, by, edges) for node in edges[of])


@pytest.mark.parametrize("seed", range(60))
def test_ways_are_counted_right(seed: int) -> None:
    top, bottom = random_graph(seed)
    trace = Trace(top)
    edges = {node: set(trace.operands(node)) for node in trace.landmarks}
    due = counted(top, bottom, edges)
    assert number_of_paths(trace, top, bottom) == due
    found = list(paths_between(trace, top, bottom))
    assert len(found) == min(due, MOST_PATHS + 1)
    assert len({tuple(map(id, path)) for path in found}) == len(found)
    for path in found:
        assert path[0] is top
        assert path[-1] is bottom
        assert all(b in edges[a] for a, b in pairwise(path))


def routes(text: str, **options: Any) -> str:
    found = explain(Worksheet.parse(text), **options).text(10_000)
    [part] = [part for part in found.split("\n\n") if part.startswith("PATHS")]
    return part


RECURRENT = """w = 0.5; x = [1, -2, 0.5]; h0 = 0.1
h1 = tanh(w*h0 + x[0]); h2 = tanh(w*h1 + x[1]); h3 = tanh(w*h2 + x[2])
L1 = h1**2; L2 = (h2 - 1)**2; L3 = h3*h1; L = L1 + 2*L2 + L3
"""


def test_each_way_and_their_sum() -> None:
    part = routes(RECURRENT + "paths(L, w)")
    assert misfits(part) == []
    *ways, total = chains_in(part)
    labels = re.findall(r"(?m)^ +(L .*→ w)  ", part)
    assert len(labels) == len(set(labels)) == len(ways) == 7
    result = total.numeric[-1]
    added = sum(way.numeric[-1].number for way in ways)
    assert abs(added - result.number) <= result.half
    assert abs(mp.diff(recurrent, 0.5) - result.number) <= result.half


def recurrent(w: Any) -> Any:
    """L of the problem above by w."""
    h1 = mp.tanh(w * mp.mpf("0.1") + 1)
    h2 = mp.tanh(w * h1 - 2)
    h3 = mp.tanh(w * h2 + 0.5)
    return h1**2 + 2 * (h2 - 1) ** 2 + h3 * h1


def test_more_ways_than_are_written() -> None:
    steps = "; ".join(f"p{i} = 2*x{i}; q{i} = 3*x{i}; x{i + 1} = p{i} + q{i}" for i in range(6))
    part = routes(f"x0 = 1; {steps}; L = x6; paths(x6, x0)")
    assert part == "PATHS   dx6/dx0\n     64 paths; at most 32 are written out"
    part = routes(f"x0 = 1; {steps}; L = x6; paths(x5, x0)")
    assert len(re.findall(r"(?m)→ x0  ", part)) == MOST_PATHS
    assert part.endswith(f" = {5**5}")


# --- by terms ---------------------------------------------------------------------------------


def table(part: str) -> tuple[list[str], dict[str, list[str]]]:
    """The headings and the rows of a printed table."""
    rows = [re.split(r" {2,}", line.strip()) for line in part.split("\n")[1:]]
    head = next(i for i, row in enumerate(rows) if row[-1] == "sum")
    body = {row[0]: row[1:] for row in rows[head + 1 :] if len(row) == len(rows[head])}
    return rows[head], body


@pytest.mark.oracle
def test_entries_are_pytorchs_terms_by_uses() -> None:
    """Each use of w is a weight of its own: ∂L_i/∂w_k."""
    t = torch()
    w = [t.tensor(0.5, dtype=t.float64, requires_grad=True) for _ in range(3)]
    h = [t.tensor(0.1, dtype=t.float64)]
    for weight, x in zip(w, (1.0, -2.0, 0.5), strict=True):
        h.append(t.tanh(weight * h[-1] + x))
    terms = {"L1": h[1] ** 2, "L2": 2 * (h[2] - 1) ** 2, "L3": h[3] * h[1]}
    head, body = table(routes(RECURRENT + "paths(L, w, by=[L1, L2, L3])"))
    assert head == ["dL/dw", "through h1", "through h2", "through h3", "sum"]
    assert list(body) == [*terms, "sum"]
    number = {name: [_read(cell) for cell in row] for name, row in body.items()}
    for name, term in terms.items():
        slopes = t.autograd.grad(term, w, retain_graph=True, allow_unused=True)
        due = [0.0 if slope is None else slope.item() for slope in slopes]
        assert number[name] == pytest.approx([*due, sum(due)], rel=1e-3, abs=1e-12)
    # what is printed adds up in print
    for row in number.values():
        assert sum(row[:-1]) == pytest.approx(row[-1], rel=6e-4)
    for column in zip(*number.values(), strict=True):
        assert sum(column[:-1]) == pytest.approx(column[-1], rel=6e-4)


def _read(cell: str) -> float:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    mantissa, _, power = cell.replace("−", "-").partition("·10")
    return float(f"{mantissa}e{power.translate(raised) or 0}")


def test_entries_are_written_out() -> None:
    part = routes(RECURRENT + "paths(L, w, by=[L1, L2, L3])")
    assert misfits(part) == []
    _, body = table(part)
    columns = ["h1", "h2", "h3"]
    for label, use, result in re.findall(r"(L\d) through (h\d)  .* = (\S+)", part):
        assert result == body[label][columns.index(use)]


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ("L1, L2, L3", ""),
        ("L", ""),
        ("L1, L2", "not all ways lead through these terms"),
        ("h2, h3", "one of these terms leads to another: ways through both count twice"),
        ("L1, L1", "one of these terms leads to another: ways through both count twice"),
    ],
)
def test_terms_that_are_no_partition_of_the_ways(terms: str, words: str) -> None:
    part = routes(RECURRENT + f"paths(L, w, by=[{terms}])")
    assert [line.strip() for line in part.split("\n") if "ways" in line] == [words] * bool(words)


def test_in_fractions() -> None:
    text = "w = 2/3; h = w*3/2; k = w*h; p = k - 1/4; q = h**2; L = p + q"
    head, body = table(routes(f"{text}; paths(L, w, by=[p, q])", fractions=True))
    assert head == ["dL/dw", "through h", "through k", "sum"]
    assert body == {"p": ["1", "1", "2"], "q": ["3", "0", "3"], "sum": ["4", "1", "5"]}
    part = routes(f"{text}; paths(L, w)", fractions=True)
    [*_, total] = chains_in(part)
    assert exactly(total.numeric[-1]) == Fraction(5)
