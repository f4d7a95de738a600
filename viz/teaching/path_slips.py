"""Slips of the chain rule itself: a path left out, a factor of the product left out, a sign.

These are read off the worked solution's own lines: the edges between its quantities, and the
factors of each local derivative.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from autograd_core.expression import (
    Application,
    Derivative,
    Expression,
    Quantity,
    application,
)
from autograd_core.table import TABLE
from autograd_core.value import Value

from ..digits import AS_TYPED, RESULT_DIGITS
from .chain_rule import ChainRule
from .passes import Pass
from .slip import Slip

__all__ = ["path_slips"]

MOST_SHOWN = 4  # branches of a sum that are written out
_PRODUCTS = {TABLE["mul"], TABLE["flow"]}


def path_slips(here: Pass, chain: ChainRule) -> Iterator[Slip]:
    """Every slip of that sort in d of / d by."""
    reached = set(chain.order)
    consumers: dict[Value, list[Value]] = {}
    for consumer, direct in here.direct.items():
        if consumer in reached and consumer is not chain.by:
            for node in direct:
                if chain.tangent[node] != 0.0:
                    consumers.setdefault(node, []).append(consumer)
    for node, all_consumers in consumers.items():
        edges = [_Edge(here, chain, consumer, node) for consumer in all_consumers]
        yield from _branches(here, chain, edges)
        yield from _parts_of_edges(here, chain, node)
        for edge in edges:
            yield from edge.slips()


class _Edge:
    """One line of the backward sweep: upstream · local, from a consumer into a node."""

    def __init__(self, here: Pass, chain: ChainRule, consumer: Value, node: Value) -> None:
        self.here = here
        self.chain = chain
        self.consumer = consumer
        self.node = node
        self.local, self.formula = here.direct[consumer][node]
        self.upstream = chain.upstream[consumer]

    @property
    def contribution(self) -> float:
        return TABLE["flow"].forward(self.upstream, self.local)

    def altered(self, contribution: float) -> float:
        """d of / d by with another contribution of this edge."""
        chain = self.chain
        return chain.total + (contribution - self.contribution) * chain.tangent[self.node]

    def slips(self) -> Iterator[Slip]:
        if self.local != 1.0:
            yield Slip(
                "missing factor",
                self.altered(self.upstream),
                lambda: f"the local derivative {self.shown_local()} is not multiplied in",
            )
        if self.upstream != 1.0:
            yield Slip(
                "missing factor",
                self.altered(self.local),
                lambda: f"the upstream gradient {self.shown_upstream()} is not multiplied in",
            )
        for factor, rest in _without_one_factor(self.formula):
            yield Slip(
                "missing factor",
                self.altered(self.upstream * rest),
                partial(self.without_factor, factor),
            )
        yield Slip(
            "sign",
            self.altered(-self.contribution),
            lambda: f"the sign of {self.shown_local()} is wrong",
            effort=3,
        )

    def without_factor(self, factor: Expression) -> str:
        return f"the factor {self.write(factor)} of {self.shown_local()} is missing"

    def shown_local(self) -> str:
        """∂y/∂x = −2·y·(1 − y) = −0.5"""
        left = Derivative(self.local, of=self.consumer, by=self.node, direct=True)
        parts = [self.write(left), self.write(self.formula), _number(self.here, self.local)]
        return " = ".join(dict.fromkeys(parts))

    def shown_upstream(self) -> str:
        left = Derivative(self.upstream, of=self.chain.of, by=self.consumer)
        return f"{self.write(left)} = {_number(self.here, self.upstream)}"

    def write(self, formula: Expression) -> str:
        return self.here.writer.write(formula, AS_TYPED)


def _number(here: Pass, value: float) -> str:
    return here.writer.number(value, RESULT_DIGITS)


def _without_one_factor(formula: Expression) -> Iterator[tuple[Expression, float]]:
    """Each factor of a product, and the product of the others; a minus in front stays."""
    sign, factors = _factors(formula)
    if len(factors) < 2:
        return
    for i, factor in enumerate(factors):
        rest = sign
        for j, other in enumerate(factors):
            rest *= other.value if j != i else 1.0
        yield factor, rest


def _factors(formula: Expression) -> tuple[float, list[Expression]]:
    sign = 1.0
    found: list[Expression] = []
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Application) and part.op in _PRODUCTS:
            waiting.extend(reversed(part.operands))
        elif isinstance(part, Application) and part.op is TABLE["neg"]:
            waiting.append(part.operands[0])
            sign = -sign
        else:
            found.append(part)
    return sign, found


# --- branches ---------------------------------------------------------------------------------


def _branches(here: Pass, chain: ChainRule, edges: list[_Edge]) -> Iterator[Slip]:
    """Where several paths meet: one is left out, or one alone is counted."""
    if len(edges) < 2:
        return
    whole = sum(edge.contribution for edge in edges)
    for edge in edges:
        yield Slip("missing path", edge.altered(0.0), partial(_without, edge, edges, whole))
        if len(edges) > 2:
            alone = edge.altered(2.0 * edge.contribution - whole)  # the others are 0
            yield Slip("missing path", alone, partial(_alone, edge, edges, whole))


def _without(edge: _Edge, edges: list[_Edge], whole: float) -> str:
    here = edge.here
    rest = _number(here, whole - edge.contribution)
    return (
        f"the path through {here.text(edge.consumer)} is missing: "
        f"{_sum_of(here, edge.chain, edges, whole)}, and you have only {rest}{_deeper(edge)}"
    )


def _alone(edge: _Edge, edges: list[_Edge], whole: float) -> str:
    here = edge.here
    return (
        f"only the path through {here.text(edge.consumer)} is counted: "
        f"{_sum_of(here, edge.chain, edges, whole)}{_deeper(edge)}"
    )


def _sum_of(here: Pass, chain: ChainRule, edges: list[_Edge], whole: float) -> str:
    """dL/dx = dL/dy·∂y/∂x + dL/dz·∂z/∂x = −8 + (−16) = −24"""
    left = here.writer.write(Derivative(whole, of=chain.of, by=edges[0].node), AS_TYPED)
    if len(edges) > MOST_SHOWN:
        return f"{left} = {_number(here, whole)} is a sum over {len(edges)} paths"
    products = [
        application(
            TABLE["mul"],
            Derivative(edge.upstream, of=chain.of, by=edge.consumer),
            Derivative(edge.local, of=edge.consumer, by=edge.node, direct=True),
        )
        for edge in edges
    ]
    symbols = application(TABLE["sum"], *products)
    numbers = application(TABLE["sum"], *(Quantity(edge.contribution) for edge in edges))
    written = [here.writer.write(part, RESULT_DIGITS) for part in (symbols, numbers)]
    return " = ".join([left, *written, _number(here, whole)])


def _deeper(edge: _Edge) -> str:
    """Where the paths meet, if before the quantity that is asked for."""
    return "" if edge.node is edge.chain.by else f" at {edge.here.text(edge.node)}"


def _parts_of_edges(here: Pass, chain: ChainRule, node: Value) -> Iterator[Slip]:
    """A quantity used more than once in one formula: one use is left out, or alone counted."""
    for consumer, parts in here.uses[node].items():
        added = {
            part: chain.upstream[part] * _slope(part, node)
            for part in parts
            if part in chain.upstream
        }
        if len(added) < 2:
            continue
        whole = sum(added.values())
        for part, contribution in added.items():
            words = partial(_part_words, here, consumer, node, part)
            changes = {"is missing": -contribution}
            if len(added) > 2:
                changes["alone is counted"] = contribution - whole
            for outcome, change in changes.items():
                number = chain.total + change * chain.tangent[node]
                yield Slip("missing path", number, partial(words, outcome))


def _part_words(here: Pass, consumer: Value, node: Value, part: Value, outcome: str) -> str:
    return (
        f"{here.text(node)} stands in {here.text(consumer)} more than once, and the part through "
        f"{here.formula(part)} {outcome}"
    )


def _slope(part: Value, node: Value) -> float:
    pairs = zip(part.operands, part.partials, strict=True)
    return sum(slope for operand, slope in pairs if operand is node)
