"""`explain`: a worked solution of the user's own problem, ready to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from autograd_core.graph import topological_order
from autograd_core.tracing import Depth
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .diagram import Diagram, draw
from .digits import RESULT_DIGITS
from .document import Document
from .names import TotalSign
from .printers.html import framed, print_html
from .printers.json_report import print_json
from .printers.latex import print_latex
from .printers.markdown import print_markdown
from .printers.text import print_text
from .render import NoRenderer
from .solution.budget import MOST_LINES
from .solution.derivation import derive

__all__ = ["Explanation", "explain"]

MOST_DRAWN = 60  # nodes; a page shows no larger graph, since it would have to be folded


class Explanation:
    """A worked solution. `str()` shows its text, a notebook its page; `.text(width)` wraps it.

    `verdicts` maps each gradient's variable to "ok", "wrong", "kink" or "undetermined".
    """

    def __init__(
        self,
        document: Document,
        diagram: Diagram | None = None,
        drawn: Callable[[], Diagram] | None = None,
    ) -> None:
        self.document = document
        self.diagram = diagram  # of a small graph, as it was
        self._drawn = drawn  # of a large one, when it is asked for

    @property
    def verdicts(self) -> dict[str, str]:
        return dict(self.document.verdicts)

    def text(self, width: int = 80) -> str:
        """Plain text in lines of at most `width` columns, where a formula can be broken."""
        return print_text(self.document, width)

    def markdown(self) -> str:
        """Markdown with TeX formulas, as GitHub and notebooks show it."""
        return print_markdown(self.document)

    def latex(self, complete: bool = False, graph: bool = False) -> str:
        """LaTeX to be put into a document; `complete`: a document that compiles by itself.

        graph : draw the graph too, with TikZ; raises `NoRenderer` where nothing can lay it out.
        """
        diagram = self.diagram or (self._drawn() if graph and self._drawn else None)
        picture = diagram.tikz() if graph and diagram else ""
        return print_latex(self.document, complete, picture)

    def html(self) -> str:
        """One page that opens from disk, with the graph where it is small and can be drawn."""
        try:
            picture = self.diagram.svg() if self.diagram else None
        except NoRenderer:
            picture = None
        return print_html(self.document, picture)

    def json(self) -> str:
        """Values, gradients, updates, verdicts and steps for programs, with all their digits."""
        return print_json(self.document)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """What a notebook keeps; it shows the richest that it can."""
        text = self.text()
        return {
            "text/plain": text,
            "text/markdown": self.markdown(),
            "text/html": framed(self.html(), text.count("\n")),
        }

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__


def explain(
    problem: Value | Worksheet,
    wrt: Sequence[Value] | None = None,
    depth: Depth = "named",
    digits: int = RESULT_DIGITS,
    *,
    lines: int | None = MOST_LINES,
    again: bool = False,
    tangent: Value | None = None,
    fractions: bool = False,
    total: TotalSign = "d",
    base: int = 0,
) -> Explanation:
    """Work out a problem: forward values, the chain rule with its numbers, updates and a check.

    problem : a node of a graph, or a worksheet. wrt : the nodes whose gradients are wanted
    (default: the worksheet's own choice, else every leaf). depth : "named" for one line per named
    quantity, "layer" for one per array, "operation" for one per node. digits : significant digits
    of the results. lines : a longer solution (of a small graph one three times as long) is cut
    by scope to so many lines, and says so; None: every line. again : show the forward pass once
    more after the last update.
    tangent : show the forward mode too, which carries the derivative by this variable along.
    fractions : exact fractions instead of decimals, where every operation is rational. total : "∂"
    writes every derivative with ∂, not only the direct ones. base : the index that the first
    element of an array has in print.

    Raises `DomainError` where a value or gradient is not a finite number, `StaleGraph` where a
    leaf changed after the graph was built, `Irrational` where fractions are asked of an operation
    that has none, and ValueError where the operation depth takes more than `lines` lines. `.grad`
    is not touched.

    >>> from autograd_core import Value
    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> print(explain((w * x - 10.0).named("L"), wrt=[w]))
         with   w = 2, x = 3
         asked  dL/dw
    <BLANKLINE>
    FORWARD
      1  L = w·x − 10 = 2·3 − 10 = −4
    <BLANKLINE>
    BACKWARD   upstream × local derivative
      2  dL/dL = 1
      3  dL/dw = dL/dL·∂L/∂w = 1·3 = 3   ∂L/∂w = x = 3
    <BLANKLINE>
    CHECK   central differences, their own error estimate in brackets
         dL/dw  3.000000 (±9e−13) OK
    <BLANKLINE>
    """
    document = derive(
        problem, wrt, depth, digits, lines, again, tangent, fractions, total, base,
        measure=lambda cut: print_markdown(cut).count("\n"),
    )  # fmt: skip
    root = problem.output if isinstance(problem, Worksheet) else problem
    small = len(topological_order(root)) <= MOST_DRAWN
    drawn = partial(draw, problem, digits=digits, base=base)
    return Explanation(document, drawn() if small else None, drawn)
