"""Small networks composed from the nodes of `autograd_core`."""

from autograd_core.class_losses import (
    categorical_cross_entropy,
    cross_entropy,
    kl_div,
    multiclass_hinge_loss,
    nll_loss,
)
from autograd_core.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    half_squared_error,
    hinge_embedding_loss,
    hinge_loss,
    huber_loss,
    l1_loss,
    likelihood_loss,
    mean_bias_error,
    mse_loss,
    rmse_loss,
    smooth_l1_loss,
    squared_hinge_loss,
)

from . import data, init, optim, schedules
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
from .circuit import Circuit
from .clipping import clip_grad_norm_, clip_grad_value_
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
from .descent import Descent, descend
from .dropout import Dropout
from .embedding import Embedding
from .gates import (
    AddGate,
    DotGate,
    ExpGate,
    Gate,
    MaxGate,
    MultiplyGate,
    NegateGate,
    ReciprocalGate,
    ReluGate,
    SigmoidGate,
    SquareGate,
    SubtractGate,
    TanhGate,
)
from .grey import grey_scale, inverted
from .linear import Linear
from .linear_classifier import LinearClassifier
from .logic import logic_gate, parity_net, region_net, threshold_gate, truth_table, xor_net
from .losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CategoricalCrossEntropyLoss,
    CrossEntropyLoss,
    HalfSquaredErrorLoss,
    HingeEmbeddingLoss,
    HingeLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    LikelihoodLoss,
    MeanBiasErrorLoss,
    MSELoss,
    MulticlassHingeLoss,
    NLLLoss,
    RMSELoss,
    SmoothL1Loss,
    SquaredHingeLoss,
)
from .module import Module
from .neuron import MLP, Layer, Neuron
from .normalization import LayerNorm
from .parameters import parameter
from .patterns import PatternDetector, binary_patches, matched_filter, responding_patches
from .perceptron import Perceptron, PerceptronHistory
from .pooling import AvgPool2d, MaxPool2d, MinPool2d
from .recurrent import GRUCell, LSTMCell, RNNCell
from .saving import load, save
from .separability import Separation, linear_separation
from .sequence_kinds import many_to_many, many_to_one, one_to_many, one_to_one
from .sequences import GRU, LSTM, RNN
from .sequential import Sequential
from .shapes import Flatten, Identity
from .step_net import StepLayer, StepNet
from .through_time import gradient_norms, truncated
from .training import History, fit
from .unrolling import unroll

__all__ = [
    "CELU", "ELU", "GELU", "GRU", "LSTM", "MLP", "RNN", "SELU", "AddGate", "AvgPool2d",
    "BCELoss", "BCEWithLogitsLoss", "BitDetector", "CategoricalCrossEntropyLoss", "Circuit",
    "Conv1d", "Conv2d", "CrossEntropyLoss", "Descent", "DotGate", "Dropout", "Embedding",
    "ExpGate", "Flatten", "GRUCell", "Gate", "HalfSquaredErrorLoss", "Hardsigmoid", "Hardswish",
    "Hardtanh", "HingeEmbeddingLoss", "HingeLoss", "History", "HuberLoss", "Identity",
    "KLDivLoss", "L1Loss", "LSTMCell", "Layer", "LayerNorm", "LeakyReLU", "LikelihoodLoss",
    "Linear", "LinearClassifier", "LogSigmoid", "LogSoftmax", "MSELoss", "MaxGate", "MaxPool2d",
    "MeanBiasErrorLoss", "MinPool2d", "Mish", "Module", "MulticlassHingeLoss", "MultiplyGate",
    "NLLLoss", "NegateGate", "Neuron", "PReLU", "PatternDetector", "Perceptron",
    "PerceptronHistory", "RMSELoss", "RNNCell", "ReLU", "ReLU6", "ReciprocalGate", "ReluGate",
    "Separation", "Sequential", "SiLU", "Sigmoid", "SigmoidGate", "SmoothL1Loss", "Softmax",
    "Softmin", "Softplus", "Softsign", "SquareGate", "SquaredHingeLoss", "Step", "StepLayer",
    "StepNet", "SubtractGate", "Tanh", "TanhGate", "Tanhshrink", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "binary_patches", "bit_detector",
    "categorical_cross_entropy", "clip_grad_norm_", "clip_grad_value_", "conv2d_shape",
    "conv_parameter_count", "cross_entropy", "data", "descend", "filter_depth", "fit",
    "gradient_norms", "grey_scale", "gru_cell", "half_squared_error", "hinge_embedding_loss",
    "hinge_loss", "huber_loss", "init", "inverted", "kl_div", "l1_loss", "likelihood_loss",
    "linear_parameter_count", "linear_separation", "load", "logic_gate", "lstm_cell",
    "many_to_many", "many_to_one", "matched_filter", "mean_bias_error", "mse_loss",
    "multiclass_hinge_loss", "nll_loss", "one_to_many", "one_to_one", "optim", "parameter",
    "parity_net", "pixel_use", "region_net", "responding_patches", "rmse_loss", "rnn_cell",
    "same_padding", "save", "schedules", "sizes_until_nothing", "smooth_l1_loss",
    "squared_hinge_loss", "threshold_gate", "truncated", "truth_table", "unroll", "xor_net",
]  # fmt: skip
