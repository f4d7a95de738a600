"""The options of `autograd-core explain`, each beside Python's; numbers for arrays."""

from __future__ import annotations

from typing import Any

import pytest

from autograd_core import Worksheet
from viz import cli, explain

DESCENT = "w = 1/3; x = 0.5; h = w*x; L = (h - 1)**2; update(L, w, lr=0.5)"
ARRAYS = "W = [[1, 2], [3, 4]]; x = [1, 2]; z = W @ x; L = sum(z*z)"
LONG = "a0 = 1; " + "; ".join(f"a{i + 1} = a{i}*1.001" for i in range(650))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["explain", *arguments]) == 0
    return capsys.readouterr().out


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["explain", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("autograd-core: ").rstrip("\n")


@pytest.mark.parametrize(
    ("text", "arguments", "options", "inside"),
    [
        (DESCENT, ["--again"], {"again": True}, "FORWARD AGAIN   after the update"),
        (DESCENT, ["--fractions"], {"fractions": True}, "η = 1/2"),
        (DESCENT, ["--round-d"], {"total": "∂"}, "asked  ∂L/∂w"),
        (DESCENT, ["--tangent", "x"], {"tangent": "x"}, "FORWARD MODE"),
        (ARRAYS, ["--base", "1"], {"base": 1}, "dL/dW[2,2]"),
        (ARRAYS, ["--tangent", "W[1,0]"], {"tangent": "W[1, 0]"}, "dz[1]/dW[1,0]"),
        (ARRAYS, ["--depth", "layer"], {"depth": "layer"}, "z = W·x"),
        (LONG, [], {}, "… "),
        (LONG, ["--all"], {"lines": None}, "650  a650 = "),
    ],
)
def test_an_option_is_that_of_explain(
    text: str,
    arguments: list[str],
    options: dict[str, Any],
    inside: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sheet = Worksheet.parse(text)
    if "tangent" in options:
        options = {**options, "tangent": sheet.nodes[options["tangent"]]}
    out = printed(capsys, "-e", text, *arguments)
    assert out == explain(sheet, **options).text()
    assert inside in out


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        (["W[0,1]=7"], "W = [[1, 7], [3, 4]], x = [1, 2]"),
        (["W[0, 1] = 7", "x=[1/2, -3]"], "W = [[1, 7], [3, 4]], x = [0.5, −3]"),
        (["W=[[5, 6], [7, 8]]"], "W = [[5, 6], [7, 8]], x = [1, 2]"),
        (["W[1,1]=0", "W=[[5, 6], [7, 8]]"], "W = [[5, 6], [7, 0]], x = [1, 2]"),
        (["x[1]=2*pi"], "W = [[1, 2], [3, 4]], x = [1, 6.28318530717959]"),
    ],
)
def test_numbers_for_arrays_and_entries(
    numbers: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, "-e", ARRAYS, *numbers)
    assert out.startswith(f"     with   {shown}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["W[0,1]=1", "W[0, 1]=2"], "W[0, 1] is given a number twice"),
        (["x=[1,2]", "x=[3,4]"], "x is given a number twice"),
        (["W[2,0]=1"], "line 1, column 1: W[2, 0] is given a number but not used"),
        (["W[0]=1"], "line 1, column 1: W[0] is given a number but not used"),
        (["W[0,1]=[1,2]"], "line 1, column 1: W[0, 1] is one entry: give it one number"),
        (["W[]=1"], "W[]=1 is not name=value"),
        (["W[-1,0]=1"], "W[-1,0]=1 is not name=value"),
        (["W[0,0]+=1"], "W[0,0]+=1 is not name=value"),
        (["z[0]=1"], "line 1, column 35: z[0] is computed here"),
        (["x=[1,[2]]"], "x=[1,[2]]: line 1, column 3"),
        (["x=[1,2"], "x=[1,2: line 1, column 7: a bracket is not closed"),
        (["--tangent", "q"], "--tangent names q, which is no single number of the problem"),
        (["--tangent", "W"], "--tangent names W, which is no single number of the problem"),
        (["--tangent", ""], "--tangent names , which is no single number of the problem"),
        (["--base", "2"], "argument --base: invalid choice"),
        (["--digits", "0"], "argument --digits: 0 is no whole number from 1 to 15"),
    ],
)
def test_mistakes_are_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert complaint(capsys, "-e", ARRAYS, *arguments).startswith(message)


def test_what_has_no_fractions(capsys: pytest.CaptureFixture[str]) -> None:
    message = complaint(capsys, "-e", "x = 1; L = tanh(x)", "--fractions")
    assert message == "tanh gives no fractions: ask for decimals instead"


def test_the_operation_depth_of_a_long_problem(capsys: pytest.CaptureFixture[str]) -> None:
    message = complaint(capsys, "-e", LONG, "--depth", "operation")
    assert message.startswith("the operation depth takes 1,")
    assert "lines=None (--all) prints them" in message
    assert printed(capsys, "-e", LONG, "--depth", "operation", "--all").count("\n") > 1300
