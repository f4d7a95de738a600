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
from .bit_detectors import BitDetector, bit_detector
from .cell_functions import gru_cell, lstm_cell, rnn_cell
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
from .recurrent import GRUCell, LSTMCell, RNNCell
from .saving import load, save
from .sequence_kinds import many_to_many, many_to_one, one_to_many, one_to_one
from .sequences import GRU, LSTM, RNN
from .sequential import Sequential
from .shapes import Flatten, Identity
from .through_time import gradient_norms, truncated
from .unrolling import unroll

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "MLP",
    "RNN",
    "SELU",
    "AvgPool2d",
    "BitDetector",
    "Conv1d",
    "Conv2d",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "Identity",
    "LSTMCell",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MaxPool2d",
    "MinPool2d",
    "Mish",
    "Module",
    "Neuron",
    "PReLU",
    "PatternDetector",
    "RNNCell",
    "ReLU",
    "ReLU6",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softmin",
    "Softplus",
    "Softsign",
    "Step",
    "Tanh",
    "Tanhshrink",
    "binary_patches",
    "bit_detector",
    "conv2d_shape",
    "conv_parameter_count",
    "filter_depth",
    "gradient_norms",
    "grey_scale",
    "gru_cell",
    "init",
    "inverted",
    "linear_parameter_count",
    "load",
    "lstm_cell",
    "many_to_many",
    "many_to_one",
    "matched_filter",
    "one_to_many",
    "one_to_one",
    "parameter",
    "pixel_use",
    "responding_patches",
    "rnn_cell",
    "same_padding",
    "save",
    "sizes_until_nothing",
    "truncated",
    "unroll",
]
