"""Solutions of the examples 000.*."""

from __future__ import annotations

from typing import Any

from autograd_core import Worksheet
from tests.catalogue.registry import solves

TOY = """
x = {x}
w1 = {w1}
w2 = {w2}
w3 = {w3}
t = {o_target}
given(t)
y = sigmoid(4 - 2*x)
z = max(0.1*x, 2*x)
pre = w1*y + w2*z + w3
o = elu(pre)
L = (o - t)**2
"""


@solves("000.toy-elu", gradients=["dL_dx"])
def toy_elu(inputs: dict[str, Any]) -> dict[str, Any]:
    sheet = Worksheet.parse(TOY.format(**inputs))
    return {"y": sheet.values["y"]}
