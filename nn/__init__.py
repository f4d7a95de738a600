"""Small networks composed from the nodes of `autograd_core`."""

from . import data
from .circuit import Circuit
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
from .linear_classifier import LinearClassifier
from .logic import logic_gate, parity_net, region_net, threshold_gate, truth_table, xor_net
from .module import Module
from .neuron import MLP, Layer, Neuron
from .perceptron import Perceptron, PerceptronHistory
from .separability import Separation, linear_separation
from .step_net import StepLayer, StepNet
from .training import History, fit

__all__ = [
    "MLP", "AddGate", "Circuit", "DotGate", "ExpGate", "Gate", "History", "Layer",
    "LinearClassifier", "MaxGate", "Module", "MultiplyGate", "NegateGate", "Neuron", "Perceptron",
    "PerceptronHistory", "ReciprocalGate", "ReluGate", "Separation", "SigmoidGate", "SquareGate",
    "StepLayer", "StepNet", "SubtractGate", "TanhGate", "data", "fit", "linear_separation",
    "logic_gate", "parity_net", "region_net", "threshold_gate", "truth_table", "xor_net",
]  # fmt: skip
