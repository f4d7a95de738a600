"""Pattern detectors: three worked examples on all 512 patches, and every pattern there is."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import autograd_core as ac
from nn import PatternDetector, binary_patches, matched_filter, responding_patches
from tests.support.against_torch import as_values, grads, numbers

EDGE = [[0, 1, 1], [0, 1, 1], [0, 1, 1]]
DIAGONAL = [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
CORNER = [[1, 1, 1], [1, 0, 0], [1, 0, 0]]
FILTERS = [
    (EDGE, [[-1, 1, 1], [-1, 1, 1], [-1, 1, 1]], -6),
    (DIAGONAL, [[-1, 1, 1], [-1, -1, 1], [-1, -1, -1]], -3),
    (CORNER, [[1, 1, 1], [1, -1, -1], [1, -1, -1]], -5),
]


@pytest.mark.system("S000-22")
def test_all_512_patches() -> None:
    expected = [np.reshape(bits, (3, 3)).tolist() for bits in product((0.0, 1.0), repeat=9)]
    assert binary_patches().tolist() == expected
    assert binary_patches(2, 3).shape == (64, 2, 3)
    assert binary_patches(2, 3)[0b000110].tolist() == [[0, 0, 0], [1, 1, 0]]


@pytest.mark.system("S000-21", "S000-22")
@pytest.mark.parametrize(("pattern", "weight", "bias"), FILTERS, ids=["edge", "diagonal", "corner"])
def test_three_detectors(pattern: Any, weight: Any, bias: float) -> None:
    """The inclusive step fires on the pattern alone, the strict one on nothing; ½ serves both."""
    made, offset = matched_filter(pattern)
    assert made.tolist() == weight
    assert offset == bias
    assert responding_patches(weight, bias).tolist() == [pattern]
    assert len(responding_patches(weight, bias, at_zero=0.0)) == 0
    for at_zero in (0.0, 1.0):
        assert responding_patches(weight, bias + 0.5, at_zero).tolist() == [pattern]
    assert max(np.tensordot(binary_patches(), np.array(weight, float), axes=2) + bias) == 0.0


def test_every_detector_fires_on_its_pattern_alone() -> None:
    """The score is minus the number of pixels that differ, for all 512 patterns and patches."""
    patches = binary_patches()
    for pattern in patches:
        weight, bias = matched_filter(pattern)
        scores = (patches * weight).sum(axis=(1, 2)) + bias
        assert np.array_equal(scores, -(patches != pattern).sum(axis=(1, 2)))
        assert responding_patches(weight, bias).tolist() == [pattern.tolist()]


def test_a_filter_that_is_no_detector() -> None:
    """A perceptron for "at least two of three", by hand."""
    found = responding_patches([[1.0, 1.0, 1.0]], -2.0).tolist()
    assert found == [[[0, 1, 1]], [[1, 0, 1]], [[1, 1, 0]], [[1, 1, 1]]]
    assert responding_patches([[1.0, 1.0, 1.0]], -2.0, at_zero=0.0).tolist() == [[[1, 1, 1]]]


@pytest.mark.parametrize("pattern", [EDGE, DIAGONAL, CORNER, [[1, 0]], [[1], [1], [0]]])
@pytest.mark.parametrize(("margin", "at_zero"), [(0.0, 1.0), (0.5, 0.0), (0.5, 1.0)])
def test_a_detector_finds_its_pattern_anywhere(pattern: Any, margin: float, at_zero: float) -> None:
    image = np.random.default_rng(0).integers(0, 2, (7, 8))
    h, w = np.shape(pattern)
    image[2 : 2 + h, 4 : 4 + w] = image[:h, :w] = pattern
    detector = PatternDetector(pattern, margin, at_zero)
    expected = [
        [float(np.array_equal(image[i : i + h, j : j + w], pattern)) for j in range(9 - w)]
        for i in range(8 - h)
    ]
    assert numbers(detector(image)).tolist() == expected
    assert expected[2][4] == expected[0][0] == 1.0
    assert numbers(detector(np.array(pattern))).tolist() == [[1.0]]
    assert not numbers(PatternDetector(pattern, at_zero=0.0)(image)).any()  # the strict step


def test_scores_of_a_detector_and_their_gradients() -> None:
    detector = PatternDetector(CORNER, margin=0.5)
    patch = as_values([[1, 1, 0], [1, 0, 0], [1, 1, 0]])  # two pixels differ
    [[score]] = detector.scores(patch)
    assert score.data == -1.5
    score.backward()
    assert grads(patch).tolist() == FILTERS[2][1]
    assert grads(detector.weight).tolist() == numbers(patch).tolist()
    assert detector.bias.grad == 1.0
    assert [name for name, _ in detector.named_parameters()] == ["weight", "bias"]
    assert [p.name for p in detector.parameters()][-2:] == ["w[2, 2]", "b"]


def test_a_detector_is_a_step_of_a_dot() -> None:
    [[node]] = PatternDetector([[1, 0]])([[1, 1]])
    assert node.op is ac.TABLE["step"]
    assert node.operands[0].op is ac.TABLE["dot"]
    assert node.data == 0.0


def test_what_is_shown() -> None:
    assert repr(PatternDetector(EDGE)).startswith("PatternDetector(3×3, at_zero=1)")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: binary_patches(0, 3), "height is at least 1; got 0"),
        (lambda: binary_patches(-2, -3), "height is at least 1; got -2"),
        (lambda: binary_patches(3, 6), "at most 16 pixels; got 3×6, that is 18"),
        (lambda: matched_filter([0, 1]), r"a pattern is \(h, w\), rows of pixels; got 2"),
        (lambda: matched_filter([[]]), "got 1×0"),
        (lambda: matched_filter([[0, 0.5]]), r"pixels of a pattern are 0 or 1; got \[\[0.0, 0.5\]"),
        (lambda: responding_patches([1.0], 0.0), r"a filter is \(h, w\); got 1"),
        (lambda: PatternDetector([[0, 1]])([[[1]]]),
            r"^PatternDetector\(1×2, at_zero=1\): expected an image \(H, W\); got 1×1×1"),
        (lambda: PatternDetector([[0, 1]])([[1]]), r"\): conv2d: a kernel of 1×2 does not fit"),
    ],
)  # fmt: skip
def test_what_does_not_fit(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
