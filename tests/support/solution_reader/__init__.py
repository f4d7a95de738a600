"""Reads a worked solution as it is printed, and works every line out again with `decimal`.

    read_solution(printed) -> what it says, and the complaints: what does not parse or come out

Nothing of the packages is used here. The lines are their own witness: the numbers that go in stand
at the top, each formula in symbols is evaluated from them to 50 digits, each derivative is a
central difference of a printed formula, and every printed number must be that to its last place.

    decimals    functions of one number and more        layout    from lines to rows
    formulas    the grammar                             chains    symbol = formula = result
    values      evaluating, arrays too                  sweeps, layers, reasons, routes, updates,
    program     the printed formulas as a program       verdicts, solution: the sections
"""

from .solution import Solution, read_solution

__all__ = ["Solution", "read_solution"]
