"""The exceptions of the package: each message states the mistake and the repair."""

from __future__ import annotations

__all__ = ["AutogradError", "DomainError", "StaleGraph", "WorksheetError"]


class AutogradError(Exception):
    """The base class of every exception that only this package raises."""


class DomainError(AutogradError, ArithmeticError):
    """An operation left the real numbers: a logarithm of −1, a division by zero, an overflow.

    Raised under `detect_anomaly()`, and always by worksheets and the command line. `node` is the
    node where it happened (None for arithmetic on plain numbers) and `operation` the row's name.
    """

    def __init__(self, message: str, *, node: object = None, operation: str = "") -> None:
        super().__init__(message)
        self.node = node
        self.operation = operation


class StaleGraph(AutogradError, RuntimeError):
    """A leaf changed after the graph was built, so the graph's numbers no longer belong together.

    Repair: build the graph again from the changed leaf.
    """


class WorksheetError(AutogradError, ValueError):
    """A worksheet cannot be read or evaluated; `line` and `column` count characters from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column
