"""The command line as a user meets it: in a process of its own, with bounded time and memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_core import TABLE, Worksheet
from tests.support.command_line import PROGRAM, ROOT, SECONDS, Finished, run
from tests.support.fonts import needs_fonts
from tests.support.line_checker import check_solution, columns
from tests.viz.test_solutions import TOY, WORKED
from viz import cli, explain
from viz.library import packaged_worksheets, worksheet_text
from viz.render import ADVICE


def refused(result: Finished) -> str:
    """The single line on standard error of a command that did nothing else."""
    error = result.stderr.decode("utf-8", "surrogateescape")
    assert result.stdout == b"", result.stdout[:300]
    assert "Traceback" not in error
    assert error.count("\n") == 1, error[:2000]
    assert error.endswith("\n")
    assert error.startswith("autograd-core: ")
    assert all(c.isprintable() for c in error[:-1])
    assert result.returncode == 2, error
    return error[len("autograd-core: ") : -1]


# --- worksheets that are mistaken or hostile --------------------------------------------------

MISTAKES: dict[str, tuple[str | bytes, str]] = {
    # what: (the worksheet, how the message begins)
    "9**9**9": ("L = 9**9**9", "line 1, column 6: pow(9, "),
    "a tower of powers": ("L = " + "9**" * 50 + "9", "line 1, column "),
    "20,000 minus signs": ("L = " + "-" * 20_000 + "1", "line 1, column 105: "),
    "20,000 plus signs": ("L = " + "+" * 20_000 + "1", "line 1, column 105: "),
    "a sum of 20,000 terms": ("L = " + "+".join("1" * 20_000), "line 1, column 20006: more than"),
    "a sum of 20,000 names": ("x = 1\nL = " + "+".join("x" * 20_000), "line 2, column 20006: more"),
    "20,000 brackets": ("L = " + "(" * 20_000 + "1" + ")" * 20_000, "line 1, column 105: "),
    "20,000 open brackets": ("L = " + "(" * 20_000, "line 1, column 105: "),
    "20,000 closed brackets": ("L = 1" + ")" * 20_000, "line 1, column 6: unexpected ')'"),
    "20,000 calls": ("L = " + "exp(" * 20_000, "line 1, column 405: "),
    "20,000 powers": ("L = " + "2**" * 20_000 + "1", "line 1, column 305: "),
    "20,000 separators": (";" * 20_000 + "x", "line 1, column 20001: "),
    "20,000 statements": ("x=x+1;" * 16_000, "line 1, column 3: x is used before"),
    "5,000 digits": ("L = " + "1" * 5_000, "line 1, column 5: a number of 5000 characters"),
    "5,000 decimals": ("L = 1 + 0." + "1" * 5_000, "line 1, column 9: a number of 5002"),
    "a large exponent": ("L = 1e999999999999", "line 1, column 5: 1e999999999999 is too large"),
    "a long name": ("L = " + "n" * 50_000, "line 1, column 5: a name of 50000 characters"),
    "100,001 characters": ("#" * 100_001, "line 1, column 1: a worksheet has at most 100000"),
    "10 MB": (b"x = 1\n" * 1_700_000, "standard input is larger than 400000 bytes"),
    "10 MB in one line": (b"L = " + b"1+" * 5_000_000, "standard input is larger than"),
    "null bytes": (b"L = 1\0 + 2", "line 1, column 6: unexpected U+0000"),
    "only null bytes": (b"\0" * 5_000, "line 1, column 1: unexpected U+0000"),
    "not UTF-8": (b"L = 1 # caf\xe9", "standard input is not UTF-8 text (byte 12)"),
    "UTF-16": ("L = 1".encode("utf-16"), "standard input is not UTF-8 text (byte 1)"),
    "a lone surrogate": (b"L = \xed\xa0\x80", "standard input is not UTF-8 text (byte 5)"),
    "random bytes": (bytes(range(256)), "standard input is not UTF-8 text (byte 129)"),
    "a terminal escape": ("L = \x1b[31m1", "line 1, column 5: unexpected U+001B"),
    "an escape in a name": ("x\x1b]0;owned\x07 = 1", "line 1, column 2: unexpected U+001B"),
    "right to left": ("L = \u202e1", "line 1, column 5: unexpected U+202E"),
    "a zero-width space": ("L\u200b = 1", "line 1, column 2: unexpected U+200B"),
    "a bell": ("L = 1\x07", "line 1, column 6: unexpected U+0007"),
    "a delete character": ("L = 1\x7f", "line 1, column 6: unexpected U+007F"),
    "nothing": ("", "line 1, column 1: nothing is computed"),
    "blanks": (" \t\n\r\n  \n", "line 1, column 1: nothing is computed"),
    "only comments": ("# L = 1\n# 2\n", "line 1, column 1: nothing is computed"),
    "only given": ("given(x)", "line 1, column "),
    "a dunder name": ("L = __builtins__", "line 1, column 5: a name does not begin with two"),
    "an import": ("L = __import__('os').system('id')", "line 1, column 5: a name does not begin"),
    "an import statement": ("import os", "line 1, column 1: a statement is"),
    "system": ("L = os.system('id')", "line 1, column 7: unexpected '.'"),
    "a lambda": ("L = (lambda: 1)()", "line 1, column 6: a worksheet has no lambda"),
    "an attribute": ("x = 1\nL = x.__class__", "line 2, column 6: unexpected '.'"),
    "an attribute of a number": ("L = 1 .real", "line 1, column 7: unexpected '.'"),
    "an entry of nothing": ("L = x[0]", "line 1, column 5: x has no value"),
    "a list": ("L = [1, 2]", "line 1, column 1: L has 2 entries; the output is one number"),
    "an f-string": ("L = f'{1}'", "line 1, column 7: unexpected '{'"),
    "a string": ("L = 'x'", "line 1, column 5: expected a number"),
    "a walrus": ("L = (x := 1)", "line 1, column 8: unexpected ':'"),
    "eval": ("L = eval('1')", "line 1, column 10: expected a number"),
    "eval of a name": ("x = 1; L = eval(x)", "line 1, column 12: there is no function eval"),
    "print": ("L = print(1)", "line 1, column 5: there is no function print"),
    "a call of a call": ("L = exp(1)(2)", "line 1, column 11: unexpected '('"),
    "an unclosed bracket": ("L = 2*(3 + 4", "line 1, column 7: a bracket is not closed"),
    "an unclosed call": ("L = exp(3", "line 1, column 10: a bracket is not closed"),
    "an unopened bracket": ("L = 3 + 4)", "line 1, column 10: unexpected ')'"),
    "a missing operand": ("L = 3 +", "line 1, column 8: an expression is missing"),
    "a missing left operand": ("L = * 3", "line 1, column 5: expected a number"),
    "a missing expression": ("L =", "line 1, column 4: an expression is missing"),
    "no operator": ("L = 2 3", "line 1, column 7: unexpected '3'"),
    "no operator before a name": ("x = 1; L = 2x", "line 1, column 13: 2 and x… stand together"),
    "a wrong count": ("L = tanh(1, 2)", "line 1, column 5: tanh(x) got 2 operands"),
    "no operand": ("L = tanh()", "line 1, column 5: tanh() needs an operand"),
    "an unknown option": ("L = elu(1, beta=2)", "line 1, column 5: elu(x, alpha=1) has no free"),
    "an unknown name": ("weight = 1\nL = 2*wieght", "line 2, column 7: wieght has no value; did "
                        "you mean weight?"),
    "an unknown function": ("L = sigmoit(1)", "line 1, column 5: there is no function sigmoit; did "
                            "you mean sigmoid?"),
    "division by zero": ("a = 1; b = 0; L = a/b", "line 1, column 20: division by zero: 1/0"),
    "a negative logarithm": ("L = 2*log(-1)", "line 1, column 7: log(-1): a logarithm needs"),
    "an overflow": ("x = 800; L = exp(x)", "line 1, column 14: exp(800) is too large"),
    "a pole": ("x = 0; L = x**-1", "line 1, column 13: division by zero: 0**(-1)"),
    "a root of a negative number": ("L = sqrt(-4)", "line 1, column 5: sqrt(-4)"),
    "a stale definition": ("L = x*2; x = 3", "line 1, column 5: x is used before it is assigned"),
    "a cyclic definition": ("a = b; b = a", "line 1, column 5: b is used before it is assigned"),
    "a definition by itself": ("x = x", "line 1, column 5: x is used before it is assigned"),
    "given what is computed": ("x = 1; y = 2*x\ngiven(y)", "line 2, column 1: y is computed"),
    "an update without rate": ("w = 1; L = w*w\nupdate(L, w)", "line 2, column 1: update needs a"),
    "an update of another": ("w = 1; y = w; L = y\nupdate(y, w, lr=1)", "line 2, column 1: update"),
    "an update of nothing it uses": ("w = 1; v = 2; L = w*w; update(L, v, lr=1)", "line 1, column "
                                     "24: L does not depend on v"),
    "a derivative of one name": ("w = 1; L = w; derivative(L)", "line 1, column 15: derivative "),
    "a derivative that is none": ("w = 1; v = 2; L = w; derivative(L, v)", "line 1, column 22: L "),
    "too many steps": ("w = 1; L = w*w; update(L, w, lr=1, steps=1e9)", "line 1, column 17: steps"),
    "an update that overflows": ("w = 2; L = w**2; update(L, w, lr=1e308)", ""),
    "steps that overflow": ("w = 2; L = w**4; update(L, w, lr=1e30, steps=9)",
                            "after step 2 of the update: line 1, column 13"),
    "an infinite derivative": ("x = 0; L = sqrt(x)", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistaken_worksheet_is_refused_in_one_line(what: str) -> None:
    worksheet, message = MISTAKES[what]
    data = worksheet if isinstance(worksheet, bytes) else worksheet.encode()
    assert refused(run("explain", "-", input=data)).startswith(message)


@pytest.mark.parametrize("command", ["explain", "draw"])
@pytest.mark.parametrize("what", ["9**9**9", "20,000 brackets", "10 MB", "null bytes", "not UTF-8"])
def test_the_same_from_a_file(what: str, command: str, tmp_path: Path) -> None:
    worksheet, message = MISTAKES[what]
    path = tmp_path / "problem.txt"
    path.write_bytes(worksheet if isinstance(worksheet, bytes) else worksheet.encode())
    picture = tmp_path / "graph.svg"
    found = refused(run(command, str(path), *(["-o", str(picture)] if command == "draw" else [])))
    assert found.startswith(message.replace("standard input", str(path)))
    assert not picture.exists()


LARGE = {
    # No mistakes: worked out, or refused in one line, but in time and without a traceback.
    "a sum of 9,999 names": "x = 1.5\nL = " + "+".join("x" * 9_999),
    "a product of 5,000 names": "x = 1.0001\nL = " + "*".join("x" * 5_000),
    "2,000 variables": "\n".join(f"x{i} = 1.{i}" for i in range(2_000)) + "\nL = " + "+".join(
        f"x{i}" for i in range(2_000)),
    "400 branches": "x = 1.5\n" + "\n".join(f"a{i} = x*{i}" for i in range(400))
        + "\nL = " + "+".join(f"a{i}" for i in range(400)),
    "a maximum of 400": "\n".join(f"x{i} = 1.{i}" for i in range(400)) + "\nL = max(" + ",".join(
        f"x{i}" for i in range(400)) + ")",
    "a chain of 2,000": "a0 = 1\n" + "\n".join(f"a{i} = a{i - 1}*1.001" for i in range(1, 2_000))
        + "\nderivative(a1999, a1)",
    "2**60 paths": "a0 = 1\n" + "\n".join(f"a{i} = a{i - 1} + a{i - 1}*a{i - 1}/9**9"
        for i in range(1, 60)) + "\nderivative(a59, a0)",
    "1,000 steps": "w = 1; L = " + "+".join(["w*w"] * 40) + "\nupdate(L, w, lr=1e-4, steps=1000)",
    "1,000 updates": "w = 1; L = w*w\n" + "update(L, w, lr=0.1)\n" * 1_000,
    "3,000 derivatives": "w = 1; y = w*w; L = y*y\n" + "derivative(L, y)\n" * 3_000,
}  # fmt: skip


@pytest.mark.parametrize("what", LARGE)
def test_a_large_worksheet_is_worked_out_or_refused_in_time(what: str) -> None:
    result = run("explain", "-", input=LARGE[what].encode())
    if result.returncode:
        refused(result)
    else:
        assert result.stderr == b""
        assert result.stdout.decode().startswith("     with   ")


# --- arguments that are mistaken or hostile ---------------------------------------------------

ARGUMENTS: dict[str, tuple[list[str | bytes], str]] = {
    "nothing": ([], "the following arguments are required: COMMAND"),
    "an unknown command": (["explode"], "argument COMMAND: invalid choice: 'explode'"),
    "an unknown option": (["explain", "002.xyz", "--frobnicate"], "unrecognized arguments"),
    "no problem": (["explain"], "name a PROBLEM"),
    "no such problem": (["explain", "002.xzy"], "002.xzy is neither a file nor a packaged "
                        "worksheet; did you mean 002.xyz?"),
    "a directory": (["explain", "."], ". is neither a file nor"),
    "a long path": (["explain", "n" * 5_000], ""),
    "an escape in a path": (["explain", "\x1b[31mred\x1b[0m"], "\ufffd[31mred\ufffd[0m is neither"),
    "a line break in a path": (["explain", "a\nb"], "a\ufffdb is neither"),
    "right to left in a path": (["explain", "\u202etxt.exe"], "\ufffdtxt.exe is neither"),
    "bytes in a path": (["explain", b"caf\xe9"], "caf\ufffd is neither"),
    "bytes in an expression": (["explain", "-e", b"L = caf\xe9"], "line 1, column 8: unexpected"),
    "an escape in an option": (["explain", "002.xyz", "--depth", "\x1b[2J"], "argument --depth: "),
    "an unknown depth": (["explain", "002.xyz", "--depth", "layers"], "argument --depth: invalid"),
    "no digits": (["explain", "002.xyz", "--digits", "0"], "argument --digits: 0 is no whole"),
    "too many digits": (["explain", "002.xyz", "--digits", "16"], "argument --digits: 16 is no"),
    "half a digit": (["explain", "002.xyz", "--digits", "1.5"], "argument --digits: 1.5 is no"),
    "many digits of digits": (["explain", "002.xyz", "--digits", "9" * 5_000], "argument --digits"),
    "an unknown wrt": (["explain", "002.xyz", "--wrt", "w"], "--wrt names w, which"),
    "an empty wrt": (["explain", "002.xyz", "--wrt", ""], "--wrt names nothing"),
    "a hole in wrt": (["explain", "002.xyz", "--wrt", "x,,y"], "--wrt names nothing"),
    "an empty expression": (["explain", "-e", ""], "line 1, column 1: nothing is computed"),
    "a missing number": (["explain", "-e", "L = 2*x"], "line 1, column 7: x has no value"),
    "no number": (["explain", "-e", "L = 2*x", "x"], "x is not name=value"),
    "a number without a name": (["explain", "-e", "L = 2*x", "=3"], "=3"),
    "a number of a number": (["explain", "-e", "L = 2*x", "2=3"], "2=3"),
    "an empty number": (["explain", "-e", "L = 2*x", "x="], "x=: line 1, column 3"),
    "a word for a number": (["explain", "-e", "L = 2*x", "x=two"], "x=two: line 1, column 3: two "),
    "nan": (["explain", "-e", "L = 2*x", "x=nan"], "x=nan: line 1, column 3: nan has no value"),
    "infinity": (["explain", "-e", "L = 2*x", "x=1e999"], "x=1e999: line 1, column 3: 1e999 is "),
    "a hostile number": (["explain", "-e", "L = 2*x", "x=9**9**9"], "x=9**9**9: line 1, column 4"),
    "code for a number": (["explain", "-e", "L = 2*x", "x=__import__('os')"], "x=__import__"),
    "two statements": (["explain", "-e", "L = 2*x", "x=1;y=2"], "x=1;y=2"),
    "two lines": (["explain", "-e", "L = 2*x", "x=1\ny=2"], "x=1\ufffdy=2"),
    "a name that is none": (["explain", "-e", "L = 2*x", "x y=2"], "x y=2"),
    "a number for what is computed": (["explain", "002.xyz", "q=3"], "line 5, column 1: q is comp"),
    "a number for nothing": (["explain", "002.xyz", "r=3"], "line 1, column 1: r is given a"),
    "a second problem": (["explain", "002.xyz", "000.toy-elu"], "000.toy-elu is not name=value"),
    "no place to write": (["explain", "002.xyz", "-o", "no/such/place"], "[Errno 2]"),
    "a directory to write": (["explain", "002.xyz", "-o", "."], "[Errno 21]"),
    "a picture of no kind": (["draw", "002.xyz", "-o", "x.gif"], "a picture's file ends in .svg"),
    "a picture without a name": (["draw", "002.xyz"], "the following arguments are required: -o"),
    "a picture nowhere": (["draw", "002.xyz", "-o", "no/such/place.svg"], "[Errno 2]"),
    "no such example": (["examples", "002.xzy"], "there is no packaged worksheet 002.xzy"),
    "an escape for an example": (["examples", "\x1b[31m"], "there is no packaged worksheet \ufffd"),
    "an example outside": (["examples", "../cli"], "there is no packaged worksheet ../cli"),
}  # fmt: skip


@pytest.mark.parametrize("what", ARGUMENTS)
def test_a_mistaken_command_is_refused_in_one_line(what: str) -> None:
    arguments, message = ARGUMENTS[what]
    assert refused(run(*arguments)).startswith(message)


def test_a_name_in_pieces_is_the_same_name() -> None:
    """é typed as one character in the problem, and as e with a combining accent in the number."""
    result = run("explain", "-e", "L = 2*é", "e\u0301=3")
    assert b"= 2\xc2\xb73 = 6" in result.stdout


# --- what works -------------------------------------------------------------------------------


def test_a_packaged_worksheet_a_file_standard_input_and_an_expression(tmp_path: Path) -> None:
    path = tmp_path / "my problem.txt"
    path.write_text(TOY, encoding="utf-8")
    expected = explain(Worksheet.parse(TOY)).text(80).encode()
    for result in (
        run("explain", "000.toy-elu", env={}),
        run("explain", str(path), env={}),
        run("explain", "-", input=TOY.encode(), env={}),
        run("explain", "-e", TOY, env={}),
        run("explain", "-", input=b"\xef\xbb\xbf" + TOY.replace("\n", "\r\n").encode(), env={}),
    ):
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout == expected


EXPRESSION = "L = (w*x + b - y)**2"


@pytest.mark.parametrize(
    "arguments",
    [
        ["-e", EXPRESSION, "w=2", "x=3", "b=1", "y=10"],
        ["w=2", "x=3", "b=1", "y=10", "-e", EXPRESSION],
        ["w=2", "x=3", "-e", EXPRESSION, "b=1", "y=10"],
        ["-e", EXPRESSION, "w=2", "--digits", "4", "x=3", "b=1", "--depth", "named", "y=10"],
        [f"-e{EXPRESSION}", "w=2", "x=3", "b=1", "y=10"],
    ],
)
def test_numbers_may_stand_anywhere(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["explain", *arguments]) == 0
    out = capsys.readouterr().out
    numbers = {"w": 2.0, "x": 3.0, "b": 1.0, "y": 10.0}
    assert check_solution(out, EXPRESSION, numbers) == []
    assert "(2·3 + 1 − 10)² = (−3)² = 9" in out


def test_numbers_replace_those_of_the_worksheet(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "000.toy-elu", "x=-1.5", "t = 1/4", "w2=-0.5"]) == 0
    out = capsys.readouterr().out
    assert check_solution(out, TOY, {"x": -1.5, "t": 0.25, "w2": -0.5}) == []
    assert "with   x = −1.5, w1 = 2, w2 = −0.5, w3 = 6, t = 0.25" in out


def test_a_quantity_may_have_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "-e", "L = 2*last", "last=3"]) == 0
    assert "L = 2·last = 2·3 = 6" in capsys.readouterr().out


@pytest.mark.parametrize("digits", [1, 3, 6, 12])
@pytest.mark.parametrize("depth", ["named", "operation"])
def test_depth_and_digits(digits: int, depth: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in WORKED:
        assert cli.main(["explain", name, "--depth", depth, "--digits", str(digits)]) == 0
        assert check_solution(capsys.readouterr().out, worksheet_text(name), digits=digits) == []


@pytest.mark.parametrize(
    ("problem", "wrt"),
    [("002.xyz", "y"), ("002.xyz", "z, x"), ("002.xyz", "q"), ("000.toy-elu", "x"),
     ("000.toy-elu", "w1"), ("000.toy-elu", "t"), ("000.toy-elu", "pre,y"), ("000.toy-elu", "L"),
     ("003.bp-1-1-1", "theta1"), ("002.xyz", "f"), ("002.xyz", "x,x")],
)  # fmt: skip
def test_wrt(problem: str, wrt: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", problem, "--wrt", wrt]) == 0
    out = capsys.readouterr().out
    names = dict.fromkeys(name.strip().replace("theta", "θ") for name in wrt.split(","))
    asked = [line for line in out.split("\n") if line.startswith("     asked")]
    root = Worksheet.parse(worksheet_text(problem)).output.name
    assert asked == ["     asked  " + ", ".join(f"d{root}/d{name}" for name in names)]
    assert out.count(" OK\n") == len(names)


def test_writing_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "solution.txt"
    assert cli.main(["explain", "004.numerical-1-as-computed"]) == 0
    shown = capsys.readouterr().out
    assert cli.main(["explain", "004.numerical-1-as-computed", "-o", str(path)]) == 0
    assert capsys.readouterr() == ("", "")
    assert path.read_text("utf-8") == shown


def test_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["examples"]) == 0
    out = capsys.readouterr().out
    for name in packaged_worksheets():
        assert re.search(rf"(?m)^{re.escape(name)} +\S", out)
        assert cli.main(["examples", name]) == 0
        assert capsys.readouterr().out == worksheet_text(name)


@pytest.mark.parametrize("arguments", [["--help"], ["explain", "--help"], ["draw", "-h"]])
def test_help(arguments: list[str]) -> None:
    result = run(*arguments, env={})
    assert result.returncode == 0
    assert result.stderr == b""
    assert result.stdout.startswith(b"usage: autograd-core")


def test_the_same_every_time() -> None:
    """Whatever the hash seed: nothing is printed in the order of a set."""
    outputs = {
        run("explain", "004.numerical-1-as-computed", env={"PYTHONHASHSEED": str(seed)}).stdout
        for seed in range(4)
    }
    assert len(outputs) == 1


def test_eighty_columns_and_plain_text_when_not_a_terminal() -> None:
    for columns_set in ("", "200", "40"):
        result = run("explain", "004.numerical-1-as-computed", env={"COLUMNS": columns_set})
        lines = result.stdout.decode().split("\n")
        assert 70 < max(map(columns, lines)) <= 80
        assert b"\x1b" not in result.stdout


def test_a_narrow_terminal_gets_narrow_lines_and_the_same_words() -> None:
    pty = pytest.importorskip("pty")
    first, second = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "64", "TERM": "xterm"}
    with subprocess.Popen(
        [*PROGRAM, "explain", "000.toy-elu"],
        stdout=second, stderr=second, env=environment, cwd=ROOT,
    ) as process:  # fmt: skip
        os.close(second)
        shown = b""
        while True:
            try:
                piece = os.read(first, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
    os.close(first)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[\d;]*m", "", shown.decode()).replace("\r\n", "\n")
    assert "\x1b" not in text
    assert text.rstrip("\n") == explain(Worksheet.parse(TOY)).text(64).rstrip("\n")
    assert b"\x1b[" in shown


# --- exit status ------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", ["4", "9"])
def test_a_wrong_derivative_is_found_and_the_status_says_so(
    digits: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row whose slope is 0.1 % too large: the verdict is wrong, and so the exit status 1."""
    right = TABLE["sigmoid"].partials
    monkeypatch.setattr(TABLE["sigmoid"], "partials", lambda *xs: (1.001 * right(*xs)[0],))
    assert cli.main(["explain", "003.bp-1-1-1", "--digits", digits]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    wrong = [line for line in captured.out.split("\n") if line.endswith(" wrong")]
    assert len(wrong) == 4


def test_nobody_reads_on() -> None:
    """`| head -1`: no traceback, and nothing on standard error."""
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [*PROGRAM, "explain", "000.toy-elu"], stdout=writer, stderr=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=SECONDS, check=False,
    )  # fmt: skip
    os.close(writer)
    assert result.stderr == b""
    assert result.returncode in (0, 141)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [*PROGRAM, "explain", "000.toy-elu"], stdout=full, stderr=subprocess.PIPE, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=SECONDS, check=False,
        )  # fmt: skip
    assert result.stderr.count(b"\n") == 1
    assert result.returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_an_output_that_knows_few_characters(encoding: str) -> None:
    """A redirected Windows console writes cp1252, which has no minus sign and no σ."""
    result = run("explain", "000.toy-elu", env={"PYTHONIOENCODING": encoding})
    assert result.stderr == b""
    assert result.returncode == 0
    assert b"BACKWARD" in result.stdout


# --- answers and exercises --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status", "printed"),
    [
        (["000.toy-elu", "dL/dw1 = 4", "w1 <- 1.6"], 0, "dL/dw1 = 4: right\nw1 <- 1.6: right\n"),
        (["000.toy-elu", "dL/dw1 = -4"], 1, "dL/dw1 = -4: wrong, 4 is right; "),
        (["000.toy-elu", "dL/dw1 = 4", "y = 7"], 1, "dL/dw1 = 4: right\ny = 7: wrong, 0.5 is "),
        (["000.toy-elu", "t=1", "dL/dw3 = 4"], 0, "dL/dw3 = 4: right\n"),
        (["-e", "L = (w*x - 1)**2", "w=2", "x=3", "L = 25"], 0, "L = 25: right\n"),
        (["-e", "L = w/3", "w=1", "L = 0.33"], 0, "L = 0.33: right, but rounded to 2 digits; "),
    ],
)
def test_checking_answers(
    arguments: list[str], status: int, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", *arguments]) == status
    captured = capsys.readouterr()
    assert captured.out.startswith(printed)
    assert captured.err == ""
    assert all(columns(line) <= 80 for line in captured.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "name a PROBLEM"),
        (["check", "000.toy-elu"], 'give an answer to check, as in "dL/dw = 4"'),
        (["check", "000.toy-elu", "w1 = 3"], "give an answer to check"),
        (["check", "000.toy-elu", "dL/dq = 3"], "“dL/dq = 3”: q is no quantity of the problem"),
        (["check", "000.toy-elu", "y = 1", "q=3"], "line 1, column 1: q is given a number but not"),
        (["check", "000.toy-elu", "y = \x1b[31m"], "“y = \ufffd[31m”: unexpected U+001B"),
        (["check", "000.toy-elu", "y = " + "9" * 5000], "an answer has at most 1000 characters"),
        (["check", "000.toy-elu", "y = 9**9**9"], "“y = 9**9**9”: pow(9, "),
        (["exercise", "000.toy-elu", "--blank", "q"], "q is not computed in the solution"),
        (["exercise", "000.toy-elu", "--blank", ""], " is not computed in the solution"),
        (["exercise", "000.toy-elu", "--seed", "x"], "argument --seed: invalid int value: 'x'"),
        (["exercise"], "name a PROBLEM"),
    ],
)
def test_answers_and_exercises_that_are_mistaken(arguments: list[str], message: str) -> None:
    assert refused(run(*arguments)).startswith(message)


def test_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["exercise", "002.xyz", "x=1", "--blank", "df/dx, q"]) == 0
    page = capsys.readouterr().out
    assert "  1  q = x + y = (a)____\n" in page
    assert cli.main(["exercise", "002.xyz", "--key"]) == 0
    assert capsys.readouterr().out.endswith(
        "\nKEY\n(a)  df/dz = 3\n(b)  df/dq = −4\n(c)  df/dx = −4\n(d)  df/dy = −4\n"
    )
    pages = []
    for seed in ("7", "7", "8"):
        assert cli.main(["exercise", "002.xyz", "--seed", seed]) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1] != pages[2]


# --- pictures ---------------------------------------------------------------------------------


@needs_fonts
@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "dot"])
def test_drawing(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"graph.{ending}"
    assert cli.main(["draw", "000.toy-elu", "x=3", "-o", str(path)]) == 0
    assert capsys.readouterr() == (f"saved {path}\n", "")
    assert path.stat().st_size > 500


def test_without_a_renderer_the_source_is_saved_with_one_line_of_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.main(["draw", "000.toy-elu", "-o", str(tmp_path / "graph.svg")]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"saved {tmp_path / 'graph.dot'}\n"
    assert captured.err == f"autograd-core: {ADVICE}\n"
    assert (tmp_path / "graph.dot").read_text("utf-8").startswith("digraph {")
    assert not (tmp_path / "graph.svg").exists()


# --- formats ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "beginning", "inside"),
    [
        ("text", "     with   x = −2", "FORWARD\n"),
        ("markdown", "```text\n# f = (x + y)·z", "## Forward\n"),
        ("latex", "\\documentclass", "\\subsection*{Forward}\n"),
    ],
)
def test_formats(format: str, beginning: str, inside: str) -> None:
    printed = run("explain", "002.xyz", "--format", format).stdout.decode()
    assert printed.startswith(beginning)
    assert inside in printed


@pytest.mark.parametrize(
    ("name", "options", "beginning"),
    [
        ("a.txt", [], "     with"),
        ("a.md", [], "```text"),
        ("a.tex", [], "\\documentclass"),
        ("a.TEX", [], "\\documentclass"),
        ("a", [], "     with"),
        ("a.other", [], "     with"),
        ("a.md", ["--format", "latex"], "\\documentclass"),
        ("a.tex", ["--format", "text"], "     with"),
    ],
)
def test_a_files_ending_chooses_the_format(
    tmp_path: Path, name: str, options: list[str], beginning: str
) -> None:
    result = run("explain", "002.xyz", "-o", str(tmp_path / name), *options)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert (tmp_path / name).read_text("utf-8").startswith(beginning)


def test_an_unknown_format_is_refused() -> None:
    message = refused(run("explain", "002.xyz", "--format", "word"))
    assert "invalid choice: 'word'" in message
    assert "latex" in message
