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
from .dropout import Dropout
from .embedding import Embedding
from .linear import Linear
from .module import Module
from .neuron import MLP, Layer, Neuron
from .normalization import LayerNorm
from .parameters import parameter
from .recurrent import GRUCell, LSTMCell, RNNCell
from .saving import load, save
from .sequence_kinds import many_to_many, many_to_one, one_to_many, one_to_one
from .sequences import GRU, LSTM, RNN
from .sequential import Sequential
from .shapes import Flatten, Identity
from .through_time import gradient_norms, truncated
from .unrolling import unroll

__all__ = [
    "CELU", "ELU", "GELU", "GRU", "LSTM", "MLP", "RNN", "SELU", "BitDetector", "Dropout",
    "Embedding", "Flatten", "GRUCell", "Hardsigmoid", "Hardswish", "Hardtanh", "Identity",
    "LSTMCell", "Layer", "LayerNorm", "LeakyReLU", "Linear", "LogSigmoid", "LogSoftmax", "Mish",
    "Module", "Neuron", "PReLU", "RNNCell", "ReLU", "ReLU6", "Sequential", "SiLU", "Sigmoid",
    "Softmax", "Softmin", "Softplus", "Softsign", "Step", "Tanh", "Tanhshrink", "bit_detector",
    "gradient_norms", "gru_cell", "init", "load", "lstm_cell", "many_to_many", "many_to_one",
    "one_to_many", "one_to_one", "parameter", "rnn_cell", "save", "truncated", "unroll",
]  # fmt: skip
