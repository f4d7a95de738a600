"""The peers: other packages that differentiate scalar code, where installed and able."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from .sides import Differentiated, Graphs
from .workloads import Functions, Workload

__all__ = ["PEERS", "peers"]

Peer = Callable[[Workload], Differentiated]
Able = dict[str, Differentiated]
LeftOut = dict[str, str]


def peers(workload: Workload, deep: bool = False) -> tuple[Able, LeftOut]:
    """Those that can be measured, and for each of the others the reason why it is not.

    deep : the graph is deeper than Python's recursion reaches.
    """
    able: Able = {}
    left_out: LeftOut = {}
    for name, (package, lacks, make) in PEERS.items():
        if missing := sorted(workload.needs & lacks):
            left_out[name] = f"it has no {missing[0]}"
        elif find_spec(package) is None:
            left_out[name] = f"needs pip install {package}"
        elif deep and name == "micrograd":
            left_out[name] = "its backward is recursive"
        else:
            able[name] = make(workload)
    return able, left_out


def _micrograd(workload: Workload) -> Differentiated:
    from micrograd.engine import Value

    return Graphs(workload, Value, Functions(relu=lambda x: x.relu()))


def _torch(workload: Workload) -> Differentiated:
    import torch

    def number(x: float) -> torch.Tensor:
        return torch.tensor(x, dtype=torch.float64, requires_grad=True)

    functions = Functions(torch.relu, torch.tanh, torch.exp, torch.log)
    return Graphs(workload, number, functions)


class _Autograd:
    """autograd: the function is called on boxes that record it, and then differentiated."""

    def __init__(self, workload: Workload) -> None:
        import autograd.numpy as anp
        from autograd import value_and_grad

        functions = Functions(lambda x: anp.maximum(x, 0.0), anp.tanh, anp.exp, anp.log)
        body = workload.body(functions)

        def function(vector):  # type: ignore[no-untyped-def]
            return body(*workload.arranged([vector[i] for i in range(len(workload.numbers))]))

        self.both = value_and_grad(function)
        self.point = anp.array(workload.numbers)
        self.repeats = workload.repeats
        self.value = 0.0
        self.gradient: list[float] = []

    def __call__(self) -> None:
        for _ in range(self.repeats):
            value, gradient = self.both(self.point)
        self.value, self.gradient = float(value), gradient.tolist()


class _CasADi:
    """CasADi: an SX expression and its gradient, made into a function and called once.

    Made anew each time, as the others' graphs are; whoever keeps the function saves that.
    """

    def __init__(self, workload: Workload) -> None:
        import casadi

        self.casadi = casadi
        self.workload = workload
        relu = lambda x: casadi.fmax(x, 0.0)  # noqa: E731
        self.body = workload.body(Functions(relu, casadi.tanh, casadi.exp, casadi.log))
        self.value = 0.0
        self.gradient: list[float] = []

    def __call__(self) -> None:
        casadi, workload = self.casadi, self.workload
        for _ in range(workload.repeats):
            vector = casadi.SX.sym("x", len(workload.numbers))
            loss = self.body(*workload.arranged(casadi.vertsplit(vector)))
            both = casadi.Function("both", [vector], [loss, casadi.gradient(loss, vector)])
            value, gradient = both(workload.numbers)
        self.value, self.gradient = float(value), gradient.full().ravel().tolist()


# name: (package, the functions that it lacks, how a side is made)
PEERS: dict[str, tuple[str, frozenset[str], Peer]] = {
    "micrograd": ("micrograd", frozenset({"tanh", "exp", "log"}), _micrograd),
    "PyTorch, 0-d tensors": ("torch", frozenset(), _torch),
    "autograd": ("autograd", frozenset(), _Autograd),
    "CasADi SX": ("casadi", frozenset(), _CasADi),
}
