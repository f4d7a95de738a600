"""The peers that are installed find what ours finds; the others are named with a reason."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from benchmarks import peers as module
from benchmarks.peers import PEERS, peers
from benchmarks.sides import agree, ours
from benchmarks.workloads import chain, expression, image, perceptron, sums_and_products

SMALL = {
    "expression": expression(repeats=2),
    "sums and products": sums_and_products(repeats=2),
    "chain": chain(40),
    "perceptron": perceptron(points=6, hidden=3),
    "image": image(size=5, kernel=2, filters=2, classes=3),
}


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("workload", SMALL.values(), ids=SMALL.keys())
def test_a_peer_agrees_with_ours(name: str, workload: module.Workload) -> None:
    package, lacks, make = PEERS[name]
    if lacks & workload.needs:
        return
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    side, first = make(workload), ours(workload)
    side()
    first()
    agree(name, side, first)
    assert len(side.gradient) == len(workload.numbers)


def test_each_is_measured_or_named_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_installed(package: str) -> None:
        return None

    monkeypatch.setattr(module, "find_spec", nothing_installed)
    for workload in SMALL.values():
        able, left_out = peers(workload)
        assert able == {}
        assert set(left_out) == set(PEERS)
    assert left_out["micrograd"] == "it has no exp"
    assert left_out["autograd"] == "needs pip install autograd"


def test_micrograd_does_not_reach_the_end_of_a_deep_chain() -> None:
    pytest.importorskip("micrograd")
    with pytest.raises(RecursionError):
        PEERS["micrograd"][2](chain(10_000))()
    _, left_out = peers(chain(10_000), deep=True)
    assert left_out["micrograd"] == "its backward is recursive"
