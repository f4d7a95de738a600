"""Every number of a picture against the trace of its graph.

misprints(diagram)    numbers on nodes, on wires and in tips that are not the trace's
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from autograd_core import Value, trace
from tests.support.formulas import numeral
from tests.support.pictures import graphviz_of, item_of, layout_of, prints
from tests.support.printed_chains import misfits
from viz import Diagram
from viz.drawing.themes import THEMES

__all__ = ["misprints"]

VALUE, GRADIENT = THEMES["light"].value, THEMES["light"].gradient


def misprints(diagram: Diagram, given: Collection[Value] = ()) -> list[str]:
    """Each wrong number in words. `given` are the nodes that have no gradient."""
    steps = trace(diagram.scene.root, depth="operation")
    found = [*_on_nodes(diagram, steps, given), *_in_tips(diagram, steps, given)]
    if "local" in diagram.labels.show:
        found += _on_wires(diagram, steps)
    return found


def _on_nodes(diagram: Diagram, steps: Any, given: Collection[Value]) -> Iterator[str]:
    """Each drawn node's value and gradient, once."""
    for box in layout_of(diagram).boxes:
        item = item_of(diagram, box.name) if box.kind == "node" else None
        if not isinstance(item, Value):
            continue
        values = [w.text.strip() for w in box.words if w.colour == VALUE]
        gradients = [w.text.strip() for w in box.words if w.colour == GRADIENT]
        if box.name.endswith("o"):  # the sign alone; the result has the numbers
            if values or gradients:
                yield f"{box.name}: numbers at the sign"
            continue
        if len(values) != 1 or not prints(values[0], item.data):
            yield f"{box.name}: {values} for the value {item.data}"
        adjoint = steps.adjoint(item)
        if item in given:
            if gradients:
                yield f"{box.name}: a gradient of what is given"
        elif len(gradients) != 1 or not prints(gradients[0].removeprefix("d "), adjoint):
            yield f"{box.name}: {gradients} for the gradient {adjoint}"


def _on_wires(diagram: Diagram, steps: Any) -> Iterator[str]:
    """As many wires as uses; their local derivatives add up to the trace's."""
    objects = {o["_gvid"]: o["name"] for o in graphviz_of(diagram)["objects"]}
    printed: dict[tuple[Value, Value], list[str]] = defaultdict(list)
    for edge in graphviz_of(diagram).get("edges", []):
        tail, head = (item_of(diagram, objects[edge[end]]) for end in ("tail", "head"))
        if isinstance(tail, Value) and isinstance(head, Value) and tail is not head:
            printed[tail, head].append(edge["label"].strip())
    drawn = set(diagram.scene.drawn)
    locals_ = {
        (step.node, step.via): step.local
        for step in steps.backward()
        if step.via in drawn and step.node in drawn
    }
    if printed.keys() != locals_.keys():
        yield "the wires are not the edges of the graph"
    for (tail, head), labels in printed.items():
        if len(labels) != sum(operand is tail for operand in head.operands):
            yield f"{len(labels)} wires into {head}"
        signed = [(-1 if t.startswith("−") else 1, numeral(t.removeprefix("−"))) for t in labels]
        room = sum(n.half for _, n in signed) + 1e-12
        if abs(sum(sign * n.number for sign, n in signed) - locals_[tail, head]) > room:
            yield f"{labels} on the wire into {head}, {locals_[tail, head]}"
        if len(labels) == 1 and not prints(labels[0], locals_[tail, head]):
            yield f"{labels} is {locals_[tail, head]} with too few digits"


def _in_tips(diagram: Diagram, steps: Any, given: Collection[Value]) -> Iterator[str]:
    """Value and gradient as chains whose printed numbers come out."""
    for node in graphviz_of(diagram)["objects"]:
        item = item_of(diagram, node["name"]) if "pos" in node else None
        if not isinstance(item, Value) or node["tooltip"].endswith("…"):
            continue
        numbers = [item.data] if item in given else [item.data, steps.adjoint(item)]
        chains = node["tooltip"].split("; ")
        if len(chains) != len(numbers):
            yield f"{node['name']}: {chains}"
        for chain, number in zip(chains, numbers, strict=False):
            comes_out = "≈" not in chain and not misfits(chain)
            if not comes_out or not prints(chain.rpartition(" = ")[2], number):
                yield f"{node['name']}: {chain} for {number}"
