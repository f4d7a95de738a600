"""Turning a trace into a worked solution: which sections it has, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograd_core import modes
from autograd_core.graph import topological_order
from autograd_core.layers import Layers
from autograd_core.rationals import Rationals
from autograd_core.tracing import Depth, trace
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .budget import MOST_LINES, Listing, limited, shares
from .chains import FEWEST_DIGITS, Chains
from .descent import Descent
from .document import Document, Section
from .higher import higher_section
from .layer_sweeps import layer_backward_listing, layer_forward_listing
from .names import Names, TotalSign
from .paths import asked_rows, route_section
from .setting import Setting
from .sweeps import backward_listing, forward_listing, problem_section
from .tangents import tangent_section
from .verdicts import Checks

__all__ = ["derive"]

SMALL_GRAPH = 2_000  # operations; the solution of one may take more lines before it is cut
PATIENCE = 3  # times as many
HEAD = 20  # lines of a cut solution that go to titles, and to what is given and asked


def derive(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = FEWEST_DIGITS,
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
    never. measure : how many lines a cut
    solution takes in print, where a row may take several. again : show the forward pass after the
    last update. tangent : show the forward mode too, by this variable. fractions : exact fractions
    for numbers. total, base : the sign of a derivative along every way, the first index of arrays.

    Raises `DomainError` where a gradient is not a finite number, `StaleGraph` where a leaf
    changed, `Irrational` where fractions are asked of other than rational operations, ValueError
    where the operation depth takes more lines than allowed.
    """
    sheet = problem if isinstance(problem, Worksheet) else None
    root = problem.output if isinstance(problem, Worksheet) else problem
    if wrt is None and sheet is not None:
        wrt = sheet.wrt
    with modes.detect_anomaly():
        also = sheet.assigned if sheet else ()
        sweep = trace(root, wrt, depth, also)
    names = Names(sweep.landmarks, total, base)
    chains = Chains(names, digits, Rationals(sweep) if fractions else None)
    setting = Setting(sweep, sheet, names, chains, depth == "layer")
    solution = _Solution(setting, again, tangent)
    whole = sum(solution.needs)
    small = len(topological_order(root)) <= SMALL_GRAPH
    if lines is None or whole <= (PATIENCE * lines if small else lines) - HEAD:
        return solution.document(None)
    if depth == "operation":
        raise ValueError(
            f"the operation depth takes {whole:,} lines; lines=None (--all) prints them, "
            "the depths named and layer take fewer"
        )
    budget = lines - HEAD
    document = solution.document(budget)
    while measure is not None and (printed := measure(document)) > lines and budget > HEAD:
        budget = budget * lines // printed - 1
        document = solution.document(budget)
    return document


class _Solution:
    """The sections of one solution, each of which can be made longer or shorter."""

    def __init__(self, setting: Setting, again: bool, tangent: Value | None) -> None:
        self.setting = setting
        self.again = again
        self.tangent = tangent
        self.forward, self.backward = _sweeps(setting)
        self.sheet = setting.sheet
        self.asked = self.sheet.derivatives if self.sheet else []
        self.routes = self.sheet.routes if self.sheet else []
        self.higher = self.sheet.higher if self.sheet else []
        self.checks = Checks(setting)

    @property
    def needs(self) -> list[int]:
        """The lines of each section in full."""
        descents = sum(descent.lines for descent in self._descents())
        asked, checked = len(self.asked), len(self.setting.units(self.setting.trace.wrt))
        return [self.forward.lines, self.backward.lines, asked, descents, checked]

    def _descents(self) -> list[Descent]:
        updates = self.sheet.updates if self.sheet else []
        return [Descent(self.setting, update) for update in updates]

    def document(self, most: int | None) -> Document:
        """The whole, or so many rows of it."""
        setting, descents = self.setting, self._descents()
        room: list[int | None] = [None] * len(self.needs)
        if most is not None:
            room = [*shares(self.needs, max(len(room), most))]
        forward, backward, asked, update, check = room
        asked_for = tuple(limited(asked_rows(setting), len(self.asked), asked))
        sections = [
            problem_section(setting, most),
            self.forward.section(forward),
            self.backward.section(backward),
            Section("ASKED FOR", rows=asked_for),
            *(route_section(setting, *route) for route in self.routes),
            *(higher_section(setting, *nodes) for nodes in self.higher),
        ]
        if self.tangent is not None:
            sections.insert(2, tangent_section(setting, self.tangent))
        updates: dict[str, list[float]] = {}
        for descent in descents:
            sections.append(descent.section(None if update is None else update // len(descents)))
            updates |= descent.values
        if self.again and descents:
            sections.append(descents[-1].again(forward))
        sections.append(self.checks.section(check))
        return Document(
            tuple(section for section in sections if section.rows),
            setting.names,
            self.sheet.text if self.sheet else "",
            self.checks.verdicts,
            updates,
            setting.trace,
            most,
        )


def _sweeps(setting: Setting) -> tuple[Listing, Listing]:
    if not setting.by_layer:
        return forward_listing(setting), backward_listing(setting)
    layers = Layers(setting.trace)
    return layer_forward_listing(setting, layers), layer_backward_listing(setting, layers)
