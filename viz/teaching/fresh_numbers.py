"""Fresh numbers for a worksheet, of the kind it has, so that its arithmetic stays presentable.

A whole number stays a small whole number, a decimal keeps its number of decimals, 0 and 1 (a
label) stay among 0 and 1 where the quantity is given. At least half of the numbers change. Of some
hundred tries the first without a fault is taken, else the best: no kink, nothing infinite, no
result 0 that was not, and results as short as the worksheet's own.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

from autograd_core.errors import AutogradError
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from ..digits import RESULT_DIGITS, rounded
from .passes import Pass

__all__ = ["with_fresh_numbers"]

MOST_TRIES = 400
CHANGED = 0.7  # of the numbers, in one try: some results are short at one number only
MOST_WORK = 400_000  # operations, over all tries
LARGEST = 1e5  # a result that is still easy to write
LARGEST_WHOLE = 9


def with_fresh_numbers(problem: Value | Worksheet, seed: int) -> Worksheet:
    """The worksheet with other numbers for its leaves; the same for the same seed.

    Raises `ValueError` for a problem that is no worksheet, or where no numbers will do.

    >>> sheet = Worksheet.parse("w = 2; x = 3; L = (w*x - 1)**2")
    >>> fresh = with_fresh_numbers(sheet, seed=1)
    >>> [node.data for node in fresh.wrt] == [node.data for node in sheet.wrt]
    False
    """
    if not isinstance(problem, Worksheet):
        raise ValueError("fresh numbers need a worksheet, whose text can be worked out again")
    own = Pass(problem.output, problem)
    operations = len(own.inside) + 1
    choose = random.Random(seed)
    leaves = [node for node in problem.assigned if node.is_leaf]
    given = set(problem.given)
    own_results = _results(own)
    best: Worksheet | None = None
    fewest = math.inf
    for _ in range(max(5, min(MOST_TRIES, MOST_WORK // operations))):
        numbers = {
            str(leaf.name): _another(leaf.data, leaf in given, choose)
            if choose.random() < CHANGED else leaf.data
            for leaf in leaves
        }  # fmt: skip
        kept = sum(numbers[str(leaf.name)] == leaf.data for leaf in leaves)
        if 2 * kept > len(leaves):
            continue
        try:
            sheet = problem.replay(numbers)
            faults = _faults(Pass(sheet.output, sheet), own_results)
        except AutogradError:
            continue
        if faults < fewest:
            best, fewest = sheet, faults
        if faults == 0:
            break
    if best is None:
        raise ValueError("no other numbers keep this problem finite and away from its kinks")
    return best


def _another(number: float, given: bool, choose: random.Random) -> float:
    """A number of the same kind; mostly of the same sign."""
    if given and number in (0.0, 1.0):
        return float(choose.randint(0, 1))
    shown = rounded(number, 15).as_tuple().exponent
    decimals = max(0, -shown) if isinstance(shown, int) else 0
    largest = max(LARGEST_WHOLE, 2 * abs(number) * 10**decimals)
    fresh = choose.randint(1, math.ceil(largest)) / 10.0**decimals
    same_sign = number >= 0.0 if choose.random() < 0.8 else number < 0.0
    return fresh if same_sign else -fresh


def _results(here: Pass) -> list[float]:
    """The values and gradients that a solution prints."""
    inner = [node for node in here.trace.landmarks if not node.is_leaf]
    return [node.data for node in inner] + [
        here.gradients.get(node, 0.0) for node in here.trace.landmarks
    ]


def _faults(here: Pass, own: list[float]) -> float:
    """How many results are long or 0 where the worksheet's own are not; inf where it will not do.

    It will not do where a number is not finite or large, at a kink, or with every gradient 0.
    """
    results = _results(here)
    wanted = here.sheet.wrt if here.sheet else []
    if not all(map(math.isfinite, results)) or any(abs(r) > LARGEST for r in results):
        return math.inf
    if not any(here.gradients.get(node, 0.0) for node in wanted) or _at_a_kink(here.inside):
        return math.inf
    return sum(
        before != 0.0 and (now == 0.0 or (_is_short(before) and not _is_short(now)))
        for before, now in zip(own, results, strict=True)
    )


def _is_short(number: float) -> bool:
    return abs(float(rounded(number, RESULT_DIGITS)) - number) <= 1e-12 * abs(number)


def _at_a_kink(nodes: Iterable[Value]) -> bool:
    for node in nodes:
        if node.op is not None and node.op.kinks is not None:
            numbers = [o if isinstance(o, float) else o.data for o in node.operands]
            if 0.0 in node.op.kinks(*numbers):
                return True
    return False
