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
from .conv import Conv1d, Conv2d
from .conv_arithmetic import (
    conv2d_shape,
    conv_parameter_count,
    filter_depth,
    linear_parameter_count,
    pixel_use,
    same_padding,
    sizes_until_nothing,
)
from .dropout import Dropout
from .embedding import Embedding
from .grey import grey_scale, inverted
from .linear import Linear
from .module import Module
from .neuron import MLP, Layer, Neuron
from .normalization import LayerNorm
from .parameters import parameter
from .patterns import PatternDetector, binary_patches, matched_filter, responding_patches
from .pooling import AvgPool2d, MaxPool2d, MinPool2d
from .saving import load, save
from .sequential import Sequential
from .shapes import Flatten, Identity

__all__ = [
    "CELU", "ELU", "GELU", "MLP", "SELU", "AvgPool2d", "Conv1d", "Conv2d", "Dropout", "Embedding",
    "Flatten", "Hardsigmoid", "Hardswish", "Hardtanh", "Identity", "Layer", "LayerNorm",
    "LeakyReLU", "Linear", "LogSigmoid", "LogSoftmax", "MaxPool2d", "MinPool2d", "Mish", "Module",
    "Neuron", "PReLU", "PatternDetector", "ReLU", "ReLU6", "Sequential", "SiLU", "Sigmoid",
    "Softmax", "Softmin", "Softplus", "Softsign", "Step", "Tanh", "Tanhshrink", "binary_patches",
    "conv2d_shape", "conv_parameter_count", "filter_depth", "grey_scale", "init", "inverted",
    "linear_parameter_count", "load", "matched_filter", "parameter", "pixel_use",
    "responding_patches", "same_padding", "save", "sizes_until_nothing",
]  # fmt: skip
