"""A whole solution read: its sections in order, each judged with what the ones before say."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, localcontext

from .chains import Enough
from .decimals import CONTEXT
from .layers import LayerSweeps
from .layout import Section, layout
from .program import Program
from .routes import routes
from .sweeps import Sweeps
from .updates import Updates
from .verdicts import verdicts

__all__ = ["Solution", "read_solution"]

_NOTES = {"FORWARD": "", "BACKWARD": "upstream × local derivative", "ASKED FOR": ""}


@dataclass(frozen=True)
class Solution:
    """What a printed solution says, and what is wrong with it."""

    complaints: list[str]
    program: Program
    root: str
    given: list[str]
    wrt: list[str]
    asked: list[tuple[str, str]]
    updates: dict[str, list[Decimal]]  # each parameter after every step


def read_solution(
    printed: str, digits: int = 4, named: Solution | None = None, one_is_enough: bool = False
) -> Solution:
    """Read a solution, with the complaints about it.

    printed : a worked solution as text. digits : the significant digits that were asked for.
    named : for one at the depth `layer`, that of the same problem at the named depth.
    one_is_enough : read no further than the first complaint.
    """
    sweeps = LayerSweeps(digits, named.program) if named else Sweeps(digits)
    sweeps.one_is_enough = one_is_enough
    updates = Updates(sweeps)
    with localcontext(CONTEXT), suppress(Enough):
        sections = layout(printed, sweeps.complain)
        if _in_order(sweeps, sections):
            _judge(sweeps, updates, sections)
    return Solution(
        sweeps.complaints, sweeps.program, sweeps.root, sweeps.given, sweeps.wrt, sweeps.pairs,
        updates.values,
    )  # fmt: skip


def _in_order(sweeps: Sweeps, sections: list[Section]) -> bool:
    found = [section.title for section in sections]
    due = ["", "FORWARD", "BACKWARD", "ASKED FOR", "PATHS", "UPDATE", "CHECK"]
    places = [due.index(title) for title in found]
    once = [title for title in found if title not in ("UPDATE", "PATHS")]
    complete = set(found) >= {"", "FORWARD", "BACKWARD"} and places == sorted(places)
    if not complete or len(set(once)) < len(once):
        sweeps.complain("sections", f"{found}")
        return False
    return True


def _judge(sweeps: Sweeps, updates: Updates, sections: list[Section]) -> None:
    for section in sections:
        if section.title in _NOTES and section.note != _NOTES[section.title]:
            sweeps.complain(section.title, section.note)
        if not section.rows and section.title:
            sweeps.complain(section.title, "there is nothing in it")
        match section.title:
            case "":
                sweeps.problem(section)
            case "FORWARD":
                sweeps.forward(section)
                sweeps.asked()
            case "BACKWARD":
                sweeps.backward(section)
            case "ASKED FOR":
                sweeps.asked_for(section)
            case "PATHS":
                routes(sweeps, section)
            case "UPDATE":
                updates.section(section)
            case "CHECK":
                verdicts(sweeps, section)
    if bool(sweeps.wrt) != (sections[-1].title == "CHECK"):
        sweeps.complain("CHECK", "every derivative that is asked for is checked")
