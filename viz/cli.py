"""The command line `autograd-core`.

Exit status: 0; 1 where a gradient check says wrong, or an answer is; 2 for bad input, with one line
on standard error.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from autograd_core.bindings import Bindings, element_name
from autograd_core.errors import AutogradError, WorksheetError
from autograd_core.syntax import parse_statements
from autograd_core.value import Value
from autograd_core.worksheet import Worksheet

from .diagram import ALL, BUDGET, draw
from .digits import RESULT_DIGITS
from .drawing.source import STYLES
from .drawing.themes import THEMES
from .explanation import Explanation, explain
from .library import packaged_worksheets, read_problem, worksheet_text
from .picture import ENDINGS
from .render import NoRenderer
from .solution.budget import MOST_LINES
from .teaching.answers import is_answer
from .teaching.exercise_sheet import exercise
from .teaching.marking import check_answers

__all__ = ["main"]

USUAL_WIDTH = 80

_FORMATS: dict[str, Callable[[Explanation], str]] = {
    "text": Explanation.text,
    "markdown": Explanation.markdown,
    "latex": lambda solution: solution.latex(complete=True),
    "html": Explanation.html,
    "json": Explanation.json,
}
_ENDINGS = {
    ".txt": "text", ".md": "markdown", ".tex": "latex", ".html": "html", ".htm": "html",
    ".json": "json",
}  # fmt: skip

_EPILOG = """\
a PROBLEM is the name of a packaged worksheet (`autograd-core examples` lists them), a file,
- for standard input, or -e "…"; name=value gives or replaces the number of a name:

  autograd-core explain 000.toy-elu
  autograd-core explain -e "L = (w*x + b - y)**2" w=2 x=3 b=1 y=10
"""

_ANSWERS = """
an ANSWER is one of

  "dL/dw1 = 4"        a derivative, of any quantity by one it depends on
  "y = 0.5"           a value of the forward pass
  "w1 <- 1.6"         a parameter after the update
  "step 2: L = 9.61"  any of these in a later pass: step k comes after k − 1 updates

its right side is a number or arithmetic: -24, -8 - 16, 2*(-12), 2*(o - t)
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Bad usage is bad input: one line and status 2."""
        raise ValueError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        _speak_unicode()
        options = _parsed(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (AutogradError, NoRenderer, ValueError, OSError) as problem:
        return _complain(str(problem))
    return status


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; name=value may stand anywhere among the options."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    unknown = [word for word in rest if word.startswith("-") or not hasattr(options, "numbers")]
    if unknown:
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    if rest:
        options.numbers += rest
    return options


def _speak_unicode() -> None:
    """A file or pipe gets UTF-8 where its own encoding has no σ; a terminal gets a ? instead."""
    if sys.stdout is None:  # closed by the caller
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    try:
        "σ−∂·²".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        if isinstance(sys.stdout, io.TextIOWrapper):
            if sys.stdout.isatty():
                sys.stdout.reconfigure(errors="replace")
            else:
                sys.stdout.reconfigure(encoding="utf-8")


def _complain(problem: str) -> int:
    line = "".join(c if c.isprintable() else "\ufffd" for c in problem)
    print(f"autograd-core: {line}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="autograd-core",
        description="Worked solutions and drawings of computation graphs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = _command(commands, "explain", "work out a problem, step by step", _explain)
    command.add_argument("--depth", choices=("named", "layer", "operation"), default="named",
                         help="one line per named quantity, per array or per operation")
    command.add_argument("--digits", type=_digits, default=RESULT_DIGITS, metavar="N",
                         help="significant digits of the results (default %(default)s)")
    command.add_argument("--all", action="store_true",
                         help=f"every line, where a solution takes more than {MOST_LINES}")
    command.add_argument("--again", action="store_true",
                         help="the forward pass once more, after the last update")
    command.add_argument("--tangent", metavar="x",
                         help="the forward mode as well: each value with its derivative by x")
    command.add_argument("--fractions", action="store_true",
                         help="exact fractions, where every operation is rational")
    command.add_argument("--round-d", action="store_true",
                         help="write every derivative with ∂, not only the direct ones")
    command.add_argument("--base", type=int, choices=(0, 1), default=0,
                         help="the index of an array's first element in print (default 0)")
    command.add_argument("--wrt", metavar="a,b", help="the quantities to differentiate by")
    command.add_argument("--graph", action="store_true",
                         help="in LaTeX: the graph too, drawn with TikZ")  # fmt: skip
    command.add_argument("--format", choices=_FORMATS,
                         help="text, or what the name of FILE ends in")  # fmt: skip
    command.add_argument("-o", "--output", type=Path, metavar="FILE",
                         help=f"write to a file: {', '.join(_ENDINGS)}")  # fmt: skip

    command = _command(commands, "draw", "draw a problem's computation graph", _draw)
    _drawing_options(command)

    command = _command(commands, "check", "mark answers, and name the slip in a wrong one", _check)
    command.usage = "autograd-core check [-h] [-e TEXT] [PROBLEM] [name=value ...] ANSWER ..."
    command.epilog = f"{_EPILOG}{_ANSWERS}"

    command = _command(commands, "exercise", "print a solution with blanks to fill", _exercise)
    command.add_argument("--blank", metavar="dL/dx,y",
                         help="what to leave out (default: the output's derivatives)")  # fmt: skip
    command.add_argument("--seed", type=int, metavar="N", help="fresh numbers, the same for one N")
    command.add_argument("--key", action="store_true", help="print the answers below")
    command.add_argument("--format", choices=[f for f in _FORMATS if f != "json"],
                         help="the format (default: that of the file's ending, else text)")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file")

    examples = commands.add_parser("examples", help="list the packaged worksheets, or show one")
    examples.add_argument("name", nargs="?", help="the worksheet to show")
    examples.set_defaults(run=_examples)
    return parser


def _drawing_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("-o", "--output", type=Path, metavar="FILE", required=True,
                         help=f"the picture: a name in {ENDINGS}")  # fmt: skip
    command.add_argument("--style", choices=STYLES, default="card",
                         help="cards, a circuit with the numbers at its wires, or small boxes")
    command.add_argument("--show", metavar="KINDS", type=lambda kinds: kinds.split(","),
                         help=f"the numbers in it: {','.join(ALL)} (local derivatives)")
    command.add_argument("--wrt", metavar="x", help="mark the paths of this variable")
    command.add_argument("--budget", type=_budget, default="page", metavar="N",
                         help=f"so many items are drawn, or all (default: {BUDGET} at most)")
    command.add_argument("--collapse", action="append", default=[], metavar="SCOPE",
                         help="draw this scope as one box; may be repeated")  # fmt: skip
    command.add_argument("--direction", choices=("LR", "TB"),
                         help="left to right or top to bottom (default: as fits a page)")
    command.add_argument("--theme", choices=THEMES, default="auto",
                         help="the colours; auto follows the reader's setting")  # fmt: skip
    command.add_argument("--digits", type=_digits, default=RESULT_DIGITS, metavar="N",
                         help="significant digits (default %(default)s)")  # fmt: skip
    command.add_argument("--base", type=int, choices=(0, 1), default=0,
                         help="the index of an array's first element in print (default 0)")


def _command(commands: object, name: str, help: str, run: object) -> argparse.ArgumentParser:
    """A command that takes a problem."""
    command: argparse.ArgumentParser = commands.add_parser(  # type: ignore[attr-defined]
        name, help=help, description=help, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("problem", nargs="?", metavar="PROBLEM", help="see below")
    command.add_argument("numbers", nargs="*", metavar="name=value", help="see below")
    command.add_argument("-e", dest="expression", metavar="TEXT", help="the problem itself")
    command.set_defaults(run=run)
    return command


def _budget(text: str) -> int | str | None:
    if text in ("all", "page"):
        return None if text == "all" else text
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 on, nor all")
    return int(text)


def _digits(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 15:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 to 15")
    return int(text)


# --- commands ---------------------------------------------------------------------------------


def _explain(options: argparse.Namespace) -> int:
    sheet = _problem(options)
    solution = explain(
        sheet,
        _chosen(sheet, options.wrt),
        options.depth,
        options.digits,
        lines=None if options.all else MOST_LINES,
        again=options.again,
        tangent=_one_variable(sheet, "--tangent", options.tangent),
        fractions=options.fractions,
        total="∂" if options.round_d else "d",
        base=options.base,
    )
    written = _format(options)
    if options.graph and written != "latex":
        raise ValueError("--graph is for LaTeX; `autograd-core draw` makes a picture by itself")
    if written == "text" and not options.output and sys.stdout.isatty():
        _print_styled(solution.text(_width()))
    else:
        page = solution.latex(True, graph=True) if options.graph else _FORMATS[written](solution)
        _put(page, options.output)
    return 1 if "wrong" in solution.verdicts.values() else 0


def _put(page: str, path: Path | None) -> None:
    if path:
        path.write_text(page, encoding="utf-8")
    else:
        print(page, end="")


def _format(options: argparse.Namespace) -> str:
    """The format asked for, else the one of the file's ending, else text."""
    ending = options.output.suffix.lower() if options.output else ""
    return options.format or _ENDINGS.get(ending, "text")


def _draw(options: argparse.Namespace) -> int:
    sheet = _problem(options)
    diagram = draw(
        sheet, options.style, options.show, _one_variable(sheet, "--wrt", options.wrt),
        budget=options.budget, collapse=options.collapse, direction=options.direction,
        theme=options.theme, digits=options.digits, base=options.base,
    )  # fmt: skip
    try:
        saved = diagram.save(options.output)
    except NoRenderer as problem:
        saved = diagram.save(options.output.with_suffix(".dot"))
        print(f"autograd-core: {problem}", file=sys.stderr)
    print(f"saved {saved}")
    return 0


def _check(options: argparse.Namespace) -> int:
    text, words = _text(options)
    answers = [word for word in words if is_answer(text, word)]
    if not answers:
        raise ValueError('give an answer to check, as in "dL/dw = 4"')
    sheet = _parsed_problem(text, [word for word in words if word not in answers])
    marking = check_answers(sheet, answers)
    print(marking.text(_width()), end="")
    return 0 if marking.ok else 1


def _exercise(options: argparse.Namespace) -> int:
    blanks = options.blank.split(",") if options.blank is not None else None
    made = exercise(_problem(options), blanks, options.seed)
    written = _format(options)
    page = made.text(_width()) if written == "text" else _FORMATS[written](made.sheet)
    _put(page, options.output)
    if options.key:
        print(f"\nKEY\n{made.key_text()}", end="")
    return 0


def _width() -> int:
    """The window's width; the usual one for a file or a pipe."""
    if not sys.stdout.isatty():
        return USUAL_WIDTH
    return shutil.get_terminal_size((USUAL_WIDTH, 24)).columns


def _examples(options: argparse.Namespace) -> int:
    names = packaged_worksheets()
    if options.name:
        if options.name not in names:
            raise ValueError(f"there is no packaged worksheet {options.name}")
        print(worksheet_text(options.name), end="")
        return 0
    width = max(map(len, names))
    for name in names:
        title = worksheet_text(name).partition("\n")[0].lstrip("# ")
        print(f"{name:{width}}  {title}")
    print("\nautograd-core explain NAME works one out; autograd-core examples NAME shows its text")
    return 0


# --- the problem ------------------------------------------------------------------------------


def _problem(options: argparse.Namespace) -> Worksheet:
    """The worksheet that the arguments name, with the numbers that they give."""
    return _parsed_problem(*_text(options))


def _text(options: argparse.Namespace) -> tuple[str, list[str]]:
    """The problem's text, and the arguments behind it."""
    problem, words = options.problem, list(options.numbers)
    if options.expression is not None:
        return options.expression, [problem, *words] if problem else words
    if problem is None:
        raise ValueError("name a PROBLEM: a packaged worksheet, a file, - or -e TEXT")
    return read_problem(problem), words


def _parsed_problem(text: str, numbers: Sequence[str]) -> Worksheet:
    given: dict[str, Any] = {}
    for name, value in map(_number, numbers):
        if name in given:
            raise ValueError(f"{name} is given a number twice")
        given[name] = value
    return Worksheet.parse(text, given)


def _number(argument: str) -> tuple[str, Any]:
    """name=value; the value may be any expression of numbers, such as 1/3 or [1, 2].

    The name may be that of an array's entry, as in W[0,1]=3.
    """
    match = re.match(r"\s*([^\W\d][^=\[]*)(\[[\d, ]+\])?\s*=", argument)
    if not match:
        raise ValueError(f"{argument} is not name=value")
    assignment = f"{match[1]}={argument[match.end() :]}"
    try:
        statements = parse_statements(assignment)
        if [statement.kind for statement in statements] != ["assign"]:
            raise ValueError(f"{argument} is not one name=value")
        number = Bindings(statements, {}).run(statements[0].code)
    except WorksheetError as problem:
        raise ValueError(f"{argument}: {problem}") from None
    return element_name(statements[0].name + (match[2] or "")), number


def _chosen(sheet: Worksheet, wrt: str | None) -> list[Value] | None:
    if wrt is None:
        return None
    names = [name.strip() for name in wrt.split(",")]
    found: list[Value] = []
    for name in names:
        if name not in sheet.values:
            raise ValueError(f"--wrt names {name or 'nothing'}, which the problem does not have")
        value = sheet.values[name]
        found += [value] if isinstance(value, Value) else value.flat
    return found


def _one_variable(sheet: Worksheet, option: str, name: str | None) -> Value | None:
    if name is None:
        return None
    if element_name(name) not in sheet.nodes:
        raise ValueError(f"{option} names {name}, which is no single number of the problem")
    return sheet.nodes[element_name(name)]


def _print_styled(solution: str) -> None:
    """On a terminal: headings in bold, verdicts in colour; the words stay the same."""
    from rich.console import Console
    from rich.text import Text

    styled = Text(solution.rstrip("\n"))
    styled.highlight_regex(r"(?m)^[A-Z ]{5,}(?=$|   )", "bold")
    styled.highlight_regex(r"(?m)\bOK$", "green")
    styled.highlight_regex(r"(?m)\b(?:wrong|undetermined)$", "bold red")
    Console(highlight=False, soft_wrap=True).print(styled)
