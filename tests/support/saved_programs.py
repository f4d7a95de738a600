"""Saves graphs with the engine that runs, or tells what it reads: a process of its own each time.

    python -m tests.support.saved_programs write FILE    the graphs of the first programs
    python -m tests.support.saved_programs read FILE     what can be seen of the graphs in the file
"""

from __future__ import annotations

import pickle
import random
import sys
from pathlib import Path
from typing import Any

from autograd_core import Value, engine, topological_order
from tests.support.two_engines import Machine, program

PROGRAMS = 120


class Weight(Value):
    """A subclass that can be found by its name, with an attribute."""

    def __init__(self, data: Any, name: str | None = None) -> None:
        super().__init__(data, name)
        self.unit = "m"


def graphs() -> list[list[Any]]:
    """The nodes of random programs."""
    made = []
    for seed in range(PROGRAMS):
        machine = Machine(Value, Weight)
        for _ in machine.run(program(random.Random(seed))):
            pass
        made.append(machine.nodes)
    return made


def seen(graph: list[Any]) -> list[Any]:
    machine = Machine(Value, Weight)
    order = topological_order(*graph)
    assert all(type(node) in (Value, Weight) for node in order)  # of the engine that runs
    units = [getattr(node, "unit", None) for node in order]
    return [units, [machine.graph_of(node, order) for node in order]]


def report(read: list[list[Any]]) -> str:
    """What can be seen of the graphs, then again after a backward sweep from each."""
    before = [seen(graph) for graph in read]
    for graph in read:
        graph[-1].backward()
    return repr((before, [seen(graph) for graph in read]))


if __name__ == "__main__":
    task, file = sys.argv[1], Path(sys.argv[2])
    if task == "write":
        file.write_bytes(pickle.dumps(graphs()))
    else:
        print(engine)
        print(report(pickle.loads(file.read_bytes())))
