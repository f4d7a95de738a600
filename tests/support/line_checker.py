"""Checks a printed solution against two witnesses, and imports nothing of ours.

    check_solution(printed, worksheet) -> what does not parse, come out, or belong to the problem
    is_right(printed, worksheet) -> whether there is none of that

`solution_reader` works every printed line out again from the lines before it. And the worksheet
itself (`problems`), evaluated with mpmath: what is printed is about these quantities, and they have
these values, derivatives and updates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from .formulas import Real, mp, plain
from .problems import Reference, read_worksheet
from .solution_reader import Solution, read_solution
from .solution_reader.layout import columns

__all__ = ["check_solution", "columns", "is_right"]

NOISE = mp.mpf(10) ** -12  # relative


def check_solution(
    printed: str,
    worksheet: str,
    numbers: Mapping[str, float] | None = None,
    digits: int = 4,
) -> list[str]:
    """The printed lines that are wrong, each with the reason, and what the worksheet says else.

    printed : a worked solution as text, not at the depth `layer`. worksheet : what it is the
    solution of, without arrays. numbers : those given or replaced from outside. digits : the
    significant digits that were asked for.
    """
    solution = read_solution(printed, digits)
    return [*solution.complaints, *_differences(solution, read_worksheet(worksheet, numbers))]


def is_right(printed: str, worksheet: str) -> bool:
    """The same as a yes or no: a wrong solution is read up to its first mistake."""
    solution = read_solution(printed, one_is_enough=True)
    if solution.complaints:
        return False
    return next(_differences(solution, read_worksheet(worksheet)), None) is None


def _differences(solution: Solution, reference: Reference) -> Iterator[str]:
    program, theirs = solution.program, reference.program
    values = {plain(name): number for name, number in program.values.items()}
    leaves = [name for name in reference.order if name in theirs.leaves]
    computed = [plain(name) for name in program.formulas]
    for what, printed, due in (
        ("with", list(map(plain, program.leaves)), leaves),
        ("given", list(map(plain, solution.given)), reference.given),
        ("asked", list(map(plain, solution.wrt)), reference.wrt),
        ("output", plain(solution.root), reference.output if reference.wrt else ""),
        ("quantities", [n for n in computed if n in theirs.formulas], list(theirs.formulas)),
        ("derivatives", [(plain(a), plain(b)) for a, b in solution.asked], reference.derivatives),
    ):
        if printed != due and (what != "output" or due):
            yield f"{what}: {printed} where {due} is due"
    for name, true in reference.values.items():
        if name in values and not _same(values[name], true):
            yield f"{name} is {true}"
    if solution.root:
        totals = {plain(n): d for n, d in program.totals(solution.root).items()}
        for name in theirs.below(reference.output):
            if not _same(totals.get(name, Decimal(0)), reference.gradient(name)):
                yield f"the formulas printed depend otherwise on {name}"
    yield from _updates(solution, reference)


def _updates(solution: Solution, reference: Reference) -> Iterator[str]:
    due: dict[str, list[Real]] = {}
    for update in reference.updates:
        for _, new in reference.updated(update):
            for name, number in new.items():
                due.setdefault(name, []).append(number)
    printed = {plain(name): numbers for name, numbers in solution.updates.items()}
    if list(printed) != list(due):
        yield f"updates of {list(printed)} where {list(due)} are due"
    for name in set(printed) & set(due):
        pairs = list(zip(printed[name], due[name], strict=False))
        if len(printed[name]) != len(due[name]) or not all(_same(*pair) for pair in pairs):
            yield f"the updates of {name} are others"


def _same(ours: Decimal, true: Real) -> bool:
    if not ours.is_finite():
        return False
    number = mp.mpf(str(ours))
    return bool(abs(number - true) <= NOISE * max(1, abs(true)))
