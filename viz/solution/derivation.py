"""Turning a trace into a worked solution: which sections it has, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from autograd_core import modes
from autograd_core.graph import topological_order
from autograd_core.layers import Layers
from autograd_core.rationals import Rationals
from autograd_core.tracing import Depth, trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS
from ..document import Document, Section
from ..names import Names, TotalSign
from .budget import MOST_LINES, Listing, limited, shares
from .chains import Chains
from .descent import Descent
from .excerpt import excerpt
from .higher import higher_listing
from .layer_sweeps import layer_backward_listing, layer_forward_listing
from .paths import asked_rows, route_section
from .setting import Setting
from .sweeps import backward_listing, forward_listing, problem_section
from .tangents import tangent_listing
from .verdicts import Checks

__all__ = ["derive"]

SMALL_GRAPH = 2_000  # operations; the solution of one may take more lines before it is cut
PATIENCE = 3  # times as many
HEAD = 20  # lines of a cut solution that go to titles, and to what is given and asked


def derive(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = RESULT_DIGITS,
    lines: int | None = MOST_LINES,
    again: bool = False,
    tangent: Value | None = None,
    fractions: bool = False,
    total: TotalSign = "d",
    base: int = 0,
    measure: Callable[[Document], int] | None = None,
) -> Document:
    """The worked solution of a graph or a worksheet.

    wrt : the quantities whose gradients are wanted. depth : see `autograd_core.trace`; "layer"
    takes arrays as one. digits : the least number of significant digits. lines : a longer solution
    (of a small graph one three times as long) is cut by scope to so many lines, and says so; None:
    never. measure : how many lines a cut solution takes in print, where a row may take several.
    again : show the forward pass after the last update. tangent : show the forward mode too, by
    this variable. fractions : exact fractions for numbers. total, base : the sign of a derivative
    along every way, the first index of arrays.

    Raises `DomainError` where a gradient is not a finite number, `StaleGraph` where a leaf
    changed, `Irrational` where fractions are asked of other than rational operations, ValueError
    where the operation depth takes more lines than allowed, or `tangent` is of another graph.
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if wrt is None and sheet is not None:
        wrt = sheet.wrt
    also = list(sheet.assigned if sheet else ())
    if tangent is not None:
        if tangent not in topological_order(*also, root):
            raise ValueError(f"{tangent.name or 'the tangent'} is not in the graph of {root.name}")
        also = list(dict.fromkeys([*also, tangent]))
    with modes.detect_anomaly():
        sweep = trace(root, wrt, depth, also)
    names = Names(sweep.landmarks, total, base)
    chains = Chains(names, digits, Rationals(sweep) if fractions else None)
    setting = Setting(sweep, sheet, names, chains, depth == "layer")
    solution = _Solution(setting, again, tangent)
    whole = sum(solution.needs) - solution.needs[0]  # every format but Markdown lacks the text
    small = len(topological_order(root)) <= SMALL_GRAPH
    if lines is None:
        return solution.document(None)
    if whole <= (PATIENCE * lines if small else lines) - HEAD:
        steps = len(sweep) > PATIENCE * lines  # by layer they may be many more than the lines
        return replace(solution.document(None), cut=lines - HEAD if steps else None)
    if depth == "operation":
        raise ValueError(
            f"the operation depth takes {whole:,} lines; lines=None (--all) prints them, "
            "the depths named and layer take fewer"
        )
    budget = lines - HEAD
    if depth == "layer":  # whose rows take several lines each: less is made in vain
        budget //= 3
    document = solution.document(budget)
    while measure is not None and (printed := measure(document)) > lines and budget > HEAD:
        budget = budget * lines // printed - 1
        document = solution.document(budget)
    return document


class _Solution:
    """The sections of one solution, each of which can be made longer or shorter."""

    def __init__(self, setting: Setting, again: bool, tangent: Value | None) -> None:
        self.setting = setting
        self.sheet = sheet = setting.sheet
        self.text = sheet.text if sheet else ""
        self.updates = sheet.updates if sheet else []
        self.again = again and bool(self.updates)
        # A solution that is cut is made more than once: rows that stand in both are made once.
        self.forward, self.backward = (
            replace(listing, make=cache(listing.make)) for listing in _sweeps(setting)
        )
        self.asked = len(sheet.derivatives) if sheet else 0
        self.tangents = [tangent_listing(setting, tangent)] if tangent is not None else []
        self.routes = [route_section(setting, *route) for route in (sheet.routes if sheet else [])]
        self.higher = [higher_listing(setting, *nodes) for nodes in (sheet.higher if sheet else [])]
        self.checks = Checks(setting)

    @property
    def needs(self) -> list[int]:
        """The lines of each section in full, and of the problem's text."""
        return [
            self.text.count("\n"),
            self.forward.lines,
            self.backward.lines,
            self.asked,
            sum(descent.lines for descent in self._descents()),
            self.forward.lines if self.again else 0,
            len(self.setting.units(self.setting.trace.wrt)),
            *(listing.lines for listing in (*self.tangents, *self.higher)),
            *(len(section.rows) for section in self.routes),
        ]

    def _descents(self) -> list[Descent]:
        return [Descent(self.setting, update) for update in self.updates]

    def document(self, most: int | None) -> Document:
        """The whole, or so many rows of it."""
        setting, descents = self.setting, self._descents()
        room: list[int | None] = [None] * len(self.needs)
        if most is not None:
            room = [*shares(self.needs, max(len(room), most))]
        text, forward, backward, asked, update, again, check, *others = room
        listings = (*self.tangents, *self.higher)
        listed = [listing.section(others.pop(0)) for listing in listings]
        asked_for = tuple(limited(asked_rows(setting), self.asked, asked))
        sections = [
            problem_section(setting, most),
            self.forward.section(forward),
            *listed[: len(self.tangents)],
            self.backward.section(backward),
            Section("ASKED FOR", rows=asked_for),
            *map(_shortened, self.routes, others),
            *listed[len(self.tangents) :],
        ]
        updates: dict[str, list[float]] = {}
        for descent in descents:
            sections.append(descent.section(None if update is None else update // len(descents)))
            updates |= descent.values
        if self.again:
            sections.append(descents[-1].again(again))
        sections.append(self.checks.section(check))
        return Document(
            tuple(section for section in sections if section.rows),
            setting.names,
            excerpt(self.text, text),
            self.checks.verdicts,
            updates,
            setting.trace,
            most,
        )


def _shortened(section: Section, most: int | None) -> Section:
    return replace(section, rows=tuple(limited(section.rows, len(section.rows), most)))


def _sweeps(setting: Setting) -> tuple[Listing, Listing]:
    if not setting.by_layer:
        return forward_listing(setting), backward_listing(setting)
    layers = Layers(setting.trace)
    return layer_forward_listing(setting, layers), layer_backward_listing(setting, layers)
