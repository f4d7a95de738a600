"""Every public layer, cell and loss of `nn`: an instance, an input, one that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from nn.bit_detectors import BIT_TASKS

__all__ = ["EVERY", "Entry"]


@dataclass(frozen=True)
class Entry:
    """How one class is made and called.

    make : an instance; another seed gives other first weights. x : an input that fits. others :
    what else a call takes. misfit : an input of another shape, None where every shape fits.
    given : the shape that its error names. blames : the class that its error names, if it is not
    the module's own. sizes : what makes an instance with one size replaced, by the size's name.
    rows : False where no row is behind the output. flat : its rows have the slope 0 everywhere.
    """

    make: Callable[[int], nn.Module]
    x: Any
    misfit: Any = None
    given: str = ""
    others: tuple[Any, ...] = ()
    blames: str | None = None
    sizes: dict[str, Callable[[Any], Any]] | None = None
    rows: bool = True
    flat: bool = False


def _drawn(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).normal(size=shape)


def _bounded(*shape: int) -> Any:
    """Probabilities."""
    return 1.0 / (1.0 + np.exp(-_drawn(*shape)))


def _activation(kind: type[nn.Module], **arguments: Any) -> Entry:
    return Entry(lambda seed: kind(**arguments), np.array([[0.3, -0.4, 0.5], [0.1, 0.7, -0.2]]))


def _softmax(kind: type[nn.Module]) -> Entry:
    return Entry(
        lambda seed: kind(dim=-1), _drawn(2, 3), 1.0, "a single number",
    )  # fmt: skip


def _convolution(kind: type[nn.Module], x: Any) -> Entry:
    return Entry(
        lambda seed: kind(2, 4, 2, groups=2, seed=seed),
        x,
        x[1:],
        "×".join(map(str, (1, *x.shape[1:]))),
        sizes={
            "in_channels": lambda n: kind(n, 1, 1),
            "out_channels": lambda n: kind(1, n, 1),
            "kernel_size": lambda n: kind(1, 1, n),
            "stride": lambda n: kind(1, 1, 1, n),
            "dilation": lambda n: kind(1, 1, 1, dilation=n),
            "groups": lambda n: kind(1, 1, 1, groups=n),
        },
    )


def _pooling(kind: type[nn.Module]) -> Entry:
    sizes: dict[str, Callable[[Any], Any]] = {
        "kernel_size": lambda n: kind(n),
        "stride": lambda n: kind(2, n),
    }
    return Entry(lambda seed: kind(2, 1), _drawn(2, 3, 3), _drawn(3, 3), "3×3", sizes=sizes)


def _recurrent(kind: type[nn.Module], x: Any) -> Entry:
    return Entry(
        lambda seed: kind(2, 3, seed=seed),
        x,
        _drawn(5, 4),
        "5×4",
        sizes={"input_size": lambda n: kind(n, 1), "hidden_size": lambda n: kind(1, n)},
    )


def _loss(kind: type[nn.Module], x: Any, target: Any, **arguments: Any) -> Entry:
    """A loss of predictions and targets; the misfit has a prediction more in each example."""
    wider = np.concatenate([x, x[:, :1]], axis=1)
    target_shape = "×".join(map(str, np.shape(target)))
    given = f"predictions 2×4 and targets {target_shape}"
    return Entry(lambda seed: kind(**arguments), x, wider, given, (target,))


def _class_loss(kind: type[nn.Module], x: Any, **arguments: Any) -> Entry:
    """A loss of scores and class numbers; the misfit has the scores of one example alone."""
    return Entry(lambda seed: kind(**arguments), x, x[0], "3 and 2", (np.array([2, 0]),))


def _sized(kind: type[nn.Module], x: Any, width: str) -> Entry:
    """A layer with two sizes, features in and out."""
    return Entry(
        lambda seed: kind(3, 2, seed=seed), x, _drawn(2, 4), "2×4",
        sizes={f"in_{width}": lambda n: kind(n, 1), f"out_{width}": lambda n: kind(1, n)},
    )  # fmt: skip


_SIGNS = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
_BITS = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])

EVERY: dict[str, Entry] = {
    # --- micrograd's
    "Neuron": Entry(
        lambda seed: nn.Neuron(2, nonlin=False), _drawn(2), _drawn(3), "3",
        sizes={"nin": lambda n: nn.Neuron(n)},
    ),
    "Layer": Entry(
        lambda seed: nn.Layer(2, 3, nonlin=False), _drawn(2), _drawn(3), "3", blames="Neuron",
        sizes={"nout": lambda n: nn.Layer(1, n)},
    ),
    "MLP": Entry(lambda seed: nn.MLP(2, [3]), _drawn(2), _drawn(4, 2), "4×2", blames="Neuron"),
    # --- dense
    "Linear": _sized(nn.Linear, _drawn(2, 3), "features"),
    "Sequential": Entry(
        lambda seed: nn.Sequential(nn.Linear(2, 3, seed=seed), nn.Tanh()),
        _drawn(2, 2), _drawn(4), "4", blames="Linear",
    ),
    "Embedding": Entry(
        lambda seed: nn.Embedding(4, 2, seed=seed), [[0, 3], [1, 1]], [[0, 4]], "1×2", rows=False,
        sizes={
            "num_embeddings": lambda n: nn.Embedding(n, 1),
            "embedding_dim": lambda n: nn.Embedding(1, n),
        },
    ),
    "LayerNorm": Entry(
        lambda seed: nn.LayerNorm((2, 3)), _drawn(4, 2, 3), _drawn(3, 2), "3×2",
        sizes={"normalized_shape": lambda n: nn.LayerNorm((2, n))},
    ),
    # p is so small that every entry stays, so that two calls have the same gradient
    "Dropout": Entry(lambda seed: nn.Dropout(1e-12), _drawn(2, 3)),
    "Identity": Entry(lambda seed: nn.Identity(), _drawn(2, 3), rows=False),
    "Flatten": Entry(lambda seed: nn.Flatten(), _drawn(2, 3, 2), _drawn(2), "2", rows=False),
    # --- convolution, pooling
    "Conv1d": _convolution(nn.Conv1d, _drawn(2, 4)),
    "Conv2d": _convolution(nn.Conv2d, _drawn(2, 3, 4)),
    "MaxPool2d": _pooling(nn.MaxPool2d),
    "MinPool2d": _pooling(nn.MinPool2d),
    "AvgPool2d": _pooling(nn.AvgPool2d),
    # --- recurrent
    **{kind: _recurrent(getattr(nn, kind), _drawn(4, 2)) for kind in ("RNN", "LSTM", "GRU")},
    "RNNCell": _recurrent(nn.RNNCell, _drawn(2)),
    "LSTMCell": _recurrent(nn.LSTMCell, _drawn(2)),
    "GRUCell": _recurrent(nn.GRUCell, _drawn(2)),
    # --- units with a threshold
    "LinearClassifier": Entry(
        lambda seed: nn.LinearClassifier([1.0, seed]), _drawn(3, 2), _drawn(3), "3", flat=True
    ),
    "Perceptron": Entry(
        lambda seed: nn.Perceptron(2, weights=[1.0, seed]), _drawn(3, 2), _drawn(3), "3",
        flat=True, sizes={"nin": lambda n: nn.Perceptron(n)},
    ),
    "StepLayer": Entry(
        lambda seed: nn.StepLayer([[1.0, 2.0]], [seed]), _drawn(3, 2), _drawn(3), "3", flat=True
    ),
    "StepNet": Entry(
        lambda seed: nn.StepNet([[((1.0, 2.0), seed)]]), _drawn(3, 2), _drawn(3), "3",
        blames="StepLayer", flat=True,
    ),
    "PatternDetector": Entry(
        lambda seed: nn.PatternDetector([[1, seed]]), _BITS, _drawn(3), "3", flat=True
    ),
    "BitDetector": Entry(
        lambda seed: nn.BitDetector(BIT_TASKS["01"]), _BITS, _drawn(2, 1, 2), "2×1×2", flat=True
    ),
    # --- activations
    "CELU": _activation(nn.CELU, alpha=0.5),
    "ELU": _activation(nn.ELU, alpha=0.5),
    "GELU": _activation(nn.GELU, approximate="tanh"),
    "Hardtanh": _activation(nn.Hardtanh, min_val=-0.3),
    "LeakyReLU": _activation(nn.LeakyReLU, negative_slope=0.1),
    "Softplus": _activation(nn.Softplus, beta=2.0),
    "PReLU": Entry(
        lambda seed: nn.PReLU(3), _drawn(2, 3), _drawn(2, 2), "2×2",
        sizes={"num_parameters": lambda n: nn.PReLU(n)},
    ),
    "Step": Entry(lambda seed: nn.Step(at_zero=1.0), _drawn(2, 3), flat=True),
    **{
        kind: _activation(getattr(nn, kind))
        for kind in (
            "Hardsigmoid", "Hardswish", "LogSigmoid", "Mish", "ReLU", "ReLU6", "SELU", "SiLU",
            "Sigmoid", "Softsign", "Tanh", "Tanhshrink",
        )
    },
    "Softmax": _softmax(nn.Softmax),
    "Softmin": _softmax(nn.Softmin),
    "LogSoftmax": _softmax(nn.LogSoftmax),
    # --- losses
    "MSELoss": _loss(nn.MSELoss, _drawn(2, 3), _BITS),
    "HalfSquaredErrorLoss": _loss(nn.HalfSquaredErrorLoss, _drawn(2, 3), _BITS, reduction="sum"),
    "RMSELoss": _loss(nn.RMSELoss, _drawn(2, 3), _BITS),
    "L1Loss": _loss(nn.L1Loss, _drawn(2, 3), _BITS),
    "MeanBiasErrorLoss": _loss(nn.MeanBiasErrorLoss, _drawn(2, 3), _BITS),
    "HuberLoss": _loss(nn.HuberLoss, 3.0 * _drawn(2, 3), _BITS, delta=0.5),
    "SmoothL1Loss": _loss(nn.SmoothL1Loss, 3.0 * _drawn(2, 3), _BITS, beta=0.5),
    "BCELoss": _loss(nn.BCELoss, _bounded(2, 3), _BITS, weight=[1.0, 2.0, 3.0]),
    "BCEWithLogitsLoss": _loss(nn.BCEWithLogitsLoss, _drawn(2, 3), _BITS, pos_weight=[2.0]),
    "LikelihoodLoss": _loss(nn.LikelihoodLoss, _bounded(2, 3), _BITS),
    "HingeLoss": _loss(nn.HingeLoss, _drawn(2, 3), _SIGNS),
    "SquaredHingeLoss": _loss(nn.SquaredHingeLoss, _drawn(2, 3), _SIGNS),
    "HingeEmbeddingLoss": _loss(nn.HingeEmbeddingLoss, _bounded(2, 3), _SIGNS, margin=2.0),
    "CategoricalCrossEntropyLoss": _loss(
        nn.CategoricalCrossEntropyLoss, _bounded(2, 3), np.eye(3)[:2]
    ),
    "KLDivLoss": _loss(nn.KLDivLoss, np.log(_bounded(2, 3)), _bounded(2, 3)),
    "NLLLoss": _class_loss(nn.NLLLoss, np.log(_bounded(2, 3)), weight=[1.0, 2.0, 3.0]),
    "CrossEntropyLoss": _class_loss(nn.CrossEntropyLoss, _drawn(2, 3), label_smoothing=0.1),
    "MulticlassHingeLoss": _class_loss(nn.MulticlassHingeLoss, 0.1 * _drawn(2, 3)),
}  # fmt: skip
