"""Graphs of thousands of operations: 200 lines, none too long, and what is left out is said."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from contextlib import ExitStack
from itertools import product
from typing import Any

import pytest

from autograd_core import Value, Worksheet, mean, scope, sin, sum, tanh, topological_order
from nn import MLP
from viz import explain
from viz.solution.budget import MOST_LINES

Problem = tuple[Value | Worksheet, list[Value] | None]

LONGEST = 300  # characters of a line


def network() -> Problem:
    """One batch through MLP(2, [16, 16, 1]): about 10,000 operations, as `make bench` has it."""
    random.seed(1)
    net = MLP(2, [16, 16, 1])
    examples = [(random.random(), random.random()) for _ in range(140)]
    loss = mean([(net([Value(a), Value(b)]) - 1.0) ** 2 for a, b in examples])
    return loss.named("L"), net.parameters()


def chain() -> Problem:
    steps = "\n".join(f"a{i} = a{i - 1}*1.0001" for i in range(1, 2400))
    return Worksheet.parse(f"a0 = 1\n{steps}\nL = a2399"), None


def matrix() -> Problem:
    rows = (", ".join(str(i * j % 7 / 10) for j in range(40)) for i in range(60))
    text = f"W = [{', '.join(f'[{row}]' for row in rows)}]\n"
    text += f"x = [{', '.join(str(j % 5 / 10) for j in range(40))}]\ny = tanh(W @ x)\nL = sum(y*y)"
    return Worksheet.parse(text), None


def unnamed() -> Problem:
    v, w = Value(0.5), Value(0.3)
    for i in range(4000):
        v = tanh(v * w) + v if i % 7 == 0 else v * 0.999
    return v, [w]


def branches() -> Problem:
    """One node with 3,000 consumers, named ones; a sum of sums."""
    x, total = Value(1.5, "x"), Value(0.0, "c") * 1.0
    for i in range(3000):
        total = total + (x * float(i)).named(f"a{i}")
    return total.named("L"), [x]


def wide() -> Problem:
    """One sum of 3,000 terms, all of the same leaf."""
    x = Value(1.5, "x")
    return sum([sin(x * float(i)) for i in range(3000)]).named("L"), [x]


def scopes() -> Problem:
    """Five scopes within one another, 4⁵ innermost ones."""
    x = h = Value(1.5, "x")
    for path in product("0123", repeat=5):
        with ExitStack() as inside:
            for letter, number in zip("abcde", path, strict=True):
                inside.enter_context(scope(letter + number))
            h = tanh(h * x * 0.9).named("h")
            h = (h + x).named("s")
    return h.named("L"), [x]


def everything() -> Problem:
    """A long worksheet that asks for all that can be asked."""
    steps = "\n".join(f"a{i} = a{i - 1}*{1 + i % 3 / 1000} + w*{i / 1000}" for i in range(1, 300))
    return Worksheet.parse(
        f"w = 0.5; a0 = w*w\n{steps}\nL = a299**2\nderivative(L, w, w); derivative(a5, w)\n"
        "paths(a3, w); paths(L, w)\nupdate(L, w, lr=1e-9, steps=8)"
    ), None


PROBLEMS: list[Callable[[], Problem]] = [
    network, chain, matrix, unnamed, branches, wide, scopes, everything,
]  # fmt: skip


@pytest.fixture(scope="module", params=PROBLEMS, ids=lambda make: make.__name__)
def problem(request: pytest.FixtureRequest) -> Problem:
    found: Problem = request.param()
    return found


@pytest.mark.parametrize("depth", ["named", "layer"])
def test_200_lines_and_what_is_left_out(problem: Problem, depth: Any) -> None:
    root, wrt = problem
    everything = isinstance(root, Worksheet) and bool(root.updates)
    tangent = root.nodes["w"] if everything and isinstance(root, Worksheet) else None
    found = explain(root, wrt, depth, again=everything, tangent=tangent)
    markdown, report = found.markdown(), found.json()
    for text in (markdown, report):
        assert text.count("\n") <= MOST_LINES
        assert max(map(len, text.split("\n"))) <= LONGEST
    data = json.loads(report)
    trace = found.document.trace
    assert trace is not None
    if found.document.cut is None:
        assert len(data["steps"]) == len(trace) < 10
    else:
        assert 0 < len(data["steps"]) == len(trace) - data["omitted"]["steps"] < len(trace)
    if depth == "named":
        assert re.search(r"… [\d,]+ more", markdown)
    verdicts = set(found.verdicts.values())
    assert verdicts == {"ok"}


def test_gaps_and_lines_add_up() -> None:
    """Every quantity of each sweep is a numbered line or counted in a gap."""
    root, wrt = chain()
    text = explain(root, wrt).text()
    for title, count in (("FORWARD", 2400), ("BACKWARD", 2401)):
        section = text[text.index(f"\n{title}") :].split("\n\n")[0]
        shown = len(re.findall(r"(?m)^ *\d+  ", section))
        [gap] = re.findall(r"… ([\d,]+) more", section)
        assert shown + int(gap.replace(",", "")) == count


def test_the_operation_depth_is_refused_with_the_repair(problem: Problem) -> None:
    root, wrt = problem
    with pytest.raises(ValueError, match=r"takes [\d,]+ lines; lines=None \(--all\) prints them"):
        explain(root, wrt, "operation")


@pytest.mark.parametrize("depth", ["named", "operation"])
def test_without_a_limit_everything_is_printed(depth: Any) -> None:
    v = Value(0.5, "v")
    h = v
    for i in range(400):
        h = (tanh(h) * v).named(f"h{i}")
    found = explain(h, depth=depth, lines=None)
    text, data = found.text(), json.loads(found.json())
    assert "more" not in text
    assert "omitted" not in data
    count = len(topological_order(h)) - 1 if depth == "operation" else 400
    assert text.count("\n") > 2 * count
    assert len([s for s in data["steps"] if s["sweep"] == "forward"]) == count


def test_a_small_solution_is_never_cut() -> None:
    found = explain(Worksheet.parse("x = 2; L = x**2; derivative(L, x, x); update(L, x, lr=0.1)"))
    assert found.document.cut is None
    assert "omitted" not in json.loads(found.json())
