"""Small networks composed from the nodes of `autograd_core`."""

from .bit_detectors import BitDetector, bit_detector
from .cell_functions import gru_cell, lstm_cell, rnn_cell
from .module import Module
from .neuron import MLP, Layer, Neuron
from .recurrent import GRUCell, LSTMCell, RNNCell
from .sequence_kinds import many_to_many, many_to_one, one_to_many, one_to_one
from .sequences import GRU, LSTM, RNN
from .through_time import gradient_norms, truncated
from .unrolling import unroll

__all__ = [
    "GRU", "LSTM", "MLP", "RNN", "BitDetector", "GRUCell", "LSTMCell", "Layer", "Module", "Neuron",
    "RNNCell", "bit_detector", "gradient_norms", "gru_cell", "lstm_cell", "many_to_many",
    "many_to_one", "one_to_many", "one_to_one", "rnn_cell", "truncated", "unroll",
]  # fmt: skip
