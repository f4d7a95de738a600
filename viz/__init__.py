"""Seeing a computation graph: worked solutions and drawings.

    explain(root_or_worksheet)   the arithmetic, step by step
    draw(root_or_worksheet)      the graph as a picture
"""

from .diagram import Diagram, draw
from .explanation import Explanation, explain

__all__ = ["Diagram", "Explanation", "draw", "explain"]
