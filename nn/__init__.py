"""Small networks composed from the nodes of `autograd_core`."""

from . import init
from .activations import (
    CELU,
    ELU,
    GELU,
    SELU,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    Sigmoid,
    SiLU,
    Softmax,
    Softmin,
    Softplus,
    Softsign,
    Step,
    Tanh,
    Tanhshrink,
)
from .dropout import Dropout
from .embedding import Embedding
from .linear import Linear
from .module import Module
from .neuron import MLP, Layer, Neuron
from .normalization import LayerNorm
from .parameters import parameter
from .saving import load, save
from .sequential import Sequential
from .shapes import Flatten, Identity

__all__ = [
    "CELU", "ELU", "GELU", "MLP", "SELU", "Dropout", "Embedding", "Flatten", "Hardsigmoid",
    "Hardswish", "Hardtanh", "Identity", "Layer", "LayerNorm", "LeakyReLU", "Linear", "LogSigmoid",
    "LogSoftmax", "Mish", "Module", "Neuron", "PReLU", "ReLU", "ReLU6", "Sequential", "SiLU",
    "Sigmoid", "Softmax", "Softmin", "Softplus", "Softsign", "Step", "Tanh", "Tanhshrink", "init",
    "load", "parameter", "save",
]  # fmt: skip
