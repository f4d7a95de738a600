"""Small networks composed from the nodes of `autograd_core`."""

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
from .grey import grey_scale, inverted
from .module import Module
from .neuron import MLP, Layer, Neuron
from .patterns import PatternDetector, binary_patches, matched_filter, responding_patches
from .pooling import AvgPool2d, MaxPool2d, MinPool2d

__all__ = [
    "MLP", "AvgPool2d", "Conv1d", "Conv2d", "Layer", "MaxPool2d", "MinPool2d", "Module", "Neuron",
    "PatternDetector", "binary_patches", "conv2d_shape", "conv_parameter_count", "filter_depth",
    "grey_scale", "inverted", "linear_parameter_count", "matched_filter", "pixel_use",
    "responding_patches", "same_padding", "sizes_until_nothing",
]  # fmt: skip
