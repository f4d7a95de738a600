"""Small networks composed from the nodes of `autograd_core`."""

from .module import Module
from .neuron import MLP, Layer, Neuron

__all__ = ["MLP", "Layer", "Module", "Neuron"]
