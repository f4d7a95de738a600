"""`draw_network` and `draw_convolution`: a module, or one convolution, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol, get_args

from autograd_core.windows import Fill, Padding, Pair

from ..drawing.themes import Colours, Theme
from ..inputs import Numbers, numbers, whole_number
from ..picture import Picture
from .boxes import BoxPicture
from .convolution import WindowPicture
from .dense import Dense, dense_layers
from .layer_window import has_window, layer_window
from .maps import MapPicture
from .neurons import MOST_LAYERS, MOST_UNITS, NeuronPicture
from .reading import AFTER, NetworkModule, Stage, kind_of, outputs, require_module, stages
from .recurrence import Recurrence, read_recurrence, states
from .rolled import RolledPicture
from .unit import UnitPicture
from .unrolled import UnrolledPicture
from .unrolled_units import UnrolledUnitsPicture, fits_units
from .window import convolution_window

__all__ = ["NetworkStyle", "draw_convolution", "draw_network"]

NetworkStyle = Literal["neurons", "unit", "boxes", "rolled", "unrolled", "window", "maps"]
STYLES: tuple[NetworkStyle, ...] = get_args(NetworkStyle)

STEPS, MOST_STEPS = 3, 30
MOST_DIGITS = 15


class _Drawn(Protocol):
    """What each kind of picture is."""

    @property
    def summary(self) -> str: ...
    def source(self, colours: Colours) -> str: ...


def draw_network(
    module: Any,
    values: Any = None,
    style: NetworkStyle | None = None,
    *,
    steps: int | None = None,
    at: tuple[int, ...] = (0, 0),
    theme: Theme = "auto",
    digits: int = 3,
) -> Picture:
    """Draw a network: its neurons and weights, its layers, its time steps, its feature maps.

    values : one example, that the network then computes: its numbers stand in the picture.

    style, by default as the module asks for:
    "unit" : a single neuron in its parts, inputs, weights, bias, sum, function.
    "neurons" : circles in columns and a line for each weight, solid where it is positive, dashed
    where it is negative, the wider the larger; the weight's number where there is room.
    "boxes" : a box for each layer, with shapes and the number of parameters.
    "rolled" : a recurrent net with its loop. "unrolled" : a column for each of `steps` time steps
    (3, or as many as `values` has); the tied weights are written once.
    "window" : of a `Conv2d` or pooling layer and an image, one pixel `at` (row, column), or
    (map, row, column), of the output, the window it comes from, and the products.
    "maps" : of layers and an image, all feature maps as grids of grey.

    theme : "light", "dark", "print", or "auto" for the reader's setting. digits : significant ones.

    A module is read by its children, parameters, attributes and class name. Chains are drawn
    through: Sequential, MLP, StepNet. The module computes as it is; `eval()` it first if it has
    dropout.

    Raises TypeError for what is no module, ValueError for a style that does not fit it, for values
    that do not, for numbers that are not finite, and for what is too large for a picture.

    >>> from autograd_core import Value
    >>> class Neuron:
    ...     w, b, nonlin = [Value(1.0), Value(-2.0)], Value(0.5), True
    ...     def __call__(self, x): return 0.0
    ...     def named_children(self): return iter(())
    ...     def named_parameters(self): return iter([("w", self.w), ("b", self.b)])
    ...     def describe(self): return "2"
    >>> draw_network(Neuron())
    <Picture, a unit with 2 inputs>
    >>> draw_network(Neuron(), style="neurons")
    <Picture, neurons 2-1>
    """
    if style is not None and style not in STYLES:
        raise ValueError(f"style is one of {', '.join(map(repr, STYLES))}; got {style!r}")
    whole_number("digits", digits, 1, MOST_DIGITS)
    chain = stages(require_module(module))
    if not chain:
        raise ValueError("the network has no layers yet: add some, then draw it")
    drawing = _Drawing(module, chain, values, steps, at, digits)
    picture: _Drawn = getattr(drawing, style or drawing.usual_style())()
    return Picture(picture.source, picture.summary, theme)


def draw_convolution(
    image: Any,
    kernel: Any,
    at: tuple[int, int] = (0, 0),
    *,
    bias: float = 0.0,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    fill: Fill = "zeros",
    flip: bool = False,
    theme: Theme = "auto",
    digits: int = 3,
) -> Picture:
    """Draw one pixel of a convolution: y[i, j] = b + Σ k[c, u, v]·x[c, i·s + u·d, j·s + v·d].

    The window of the image, the filter, their k·k products and the whole output with the pixel
    `at` (row, column) stand side by side.

    image : (H, W) or (C, H, W), numbers or Values. kernel : (kh, kw) or (C, kh, kw). stride,
    dilation, padding : as those of `autograd_core.conv2d`. fill : what the padding holds. flip :
    the true convolution, whose filter is turned round; it is drawn as it meets the image.

    Raises ValueError for shapes that do not fit, for a pixel that the output does not have, and
    for more than 1,600 pixels a channel.

    Source: V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning (2016).

    >>> draw_convolution([[1, 2, 3], [4, 5, 6]], [[1, 0], [0, -1]], at=(0, 1))
    <Picture, convolution, output pixel (0, 1)>
    """
    whole_number("digits", digits, 1, MOST_DIGITS)
    window = convolution_window(image, kernel, at, bias, stride, padding, dilation, fill, flip)
    note = "the filter is turned round, as true convolution has it" if flip else ""
    picture = WindowPicture(window, digits, note=note)
    return Picture(picture.source, picture.summary, theme)


class _Drawing:
    """One call: what the module is, and what its pictures are made from. A style is a method."""

    def __init__(
        self, module: NetworkModule, chain: list[Stage], values: Any, steps: int | None,
        at: tuple[int, ...], digits: int,
    ) -> None:  # fmt: skip
        self.module = module
        self.chain = chain
        self.values = values
        self.steps = steps
        self.at = at
        self.digits = digits
        self.dense = dense_layers(chain)
        self.recurrence = read_recurrence(chain, AFTER.get(kind_of(module, AFTER) or "", ""))
        self.title = type(module).__name__

    def usual_style(self) -> NetworkStyle:
        """What shows most of this module."""
        if self.dense is not None:
            if len(self.dense) == 1 and self.dense[0].units == 1:
                return "unit" if self.dense[0].inputs <= MOST_UNITS else "boxes"
            sizes = [self.dense[0].inputs, *(layer.units for layer in self.dense)]
            small = max(sizes) <= MOST_UNITS and len(self.dense) <= MOST_LAYERS
            return "neurons" if small else "boxes"
        if self.recurrence is not None:
            return "rolled" if self.values is None and self.steps is None else "unrolled"
        if self.values is not None and any(has_window(stage.module) for stage in self.chain):
            return "window" if len(self.chain) == 1 else "maps"
        return "boxes"

    # --- neurons ------------------------------------------------------------------------------

    def unit(self) -> UnitPicture:
        layers = self._layers("unit")
        if len(layers) != 1 or layers[0].units != 1:
            raise ValueError(f'{self.title} is more than one unit: take style="neurons"')
        labels = getattr(self.chain[0].module, "labels", None)
        note = ""
        if labels and tuple(labels) != (0, 1):
            note = f"y = 0 means {labels[0]}, y = 1 means {labels[1]}"
        return UnitPicture(layers[0], self._activations(layers), self.digits, note)

    def neurons(self) -> NeuronPicture:
        layers = self._layers("neurons")
        return NeuronPicture(layers, self._activations(layers), self.digits)

    def _layers(self, style: str) -> list[Dense]:
        if self.dense is None:
            raise ValueError(
                f"style={style!r} draws layers whose neurons read all inputs, and functions of "
                f"each neuron, such as Linear and ReLU; {self.title} is made of other things too: "
                'take style="boxes"'
            )
        if len(self.dense) > MOST_LAYERS:
            raise ValueError(
                f"{len(self.dense)} layers of neurons are more than a picture shows "
                f'({MOST_LAYERS}): take style="boxes"'
            )
        return self.dense

    def _activations(self, layers: list[Dense]) -> list[Numbers] | None:
        if self.values is None:
            return None
        made = outputs(self.chain, self.values)
        if made[0].shape != (layers[0].inputs,):
            raise ValueError(
                f"values are one example of {layers[0].inputs} numbers; "
                f"got the shape {made[0].shape}"
            )
        return [made[0], *(made[layer.last + 1].reshape(-1) for layer in layers)]

    def boxes(self) -> BoxPicture:
        values = None if self.values is None else outputs(self.chain, self.values)
        return BoxPicture(self.chain, values)

    # --- recurrent nets -----------------------------------------------------------------------

    def rolled(self) -> RolledPicture:
        return RolledPicture(self._net("rolled"))

    def unrolled(self) -> UnrolledPicture | UnrolledUnitsPicture:
        net = self._net("unrolled")
        sequence = None if self.values is None else self._sequence(net)
        steps = STEPS if self.steps is None else whole_number("steps", self.steps, 1, MOST_STEPS)
        if sequence is not None:
            steps = whole_number("the number of time steps of values", len(sequence), 1, MOST_STEPS)
        found = None if sequence is None else states(self.chain[0].module, net.kind, sequence)
        made = None if found is None else self._readouts(net, found)
        if fits_units(net, steps):
            values = None
            if sequence is not None and found is not None:
                rows = [list(sequence), found, *([made] if made else [])]
                values = [*zip(*rows, strict=True)]
            return UnrolledUnitsPicture(net, steps, self.digits, values)
        inputs = None if sequence is None else list(sequence)
        return UnrolledPicture(net, steps, self.digits, inputs, found, made)

    def _net(self, style: str) -> Recurrence:
        if self.recurrence is None:
            raise ValueError(
                f"style={style!r} draws a recurrent cell or layer and what reads it; "
                f'{self.title} is none: take style="boxes"'
            )
        return self.recurrence

    def _sequence(self, net: Recurrence) -> Numbers:
        """The values as (time, input)."""
        found = numbers("values", self.values, f"(time, {net.input_size})", 1, 2)
        sequence = found[:, None] if found.ndim == 1 and net.input_size == 1 else found
        if sequence.ndim != 2 or sequence.shape[1] != net.input_size:
            raise ValueError(
                f"values are a sequence (time, {net.input_size}) of inputs; "
                f"got the shape {found.shape}"
            )
        return sequence

    def _readouts(self, net: Recurrence, found: Sequence[Numbers]) -> list[Numbers] | None:
        """yₜ of each step."""
        if not net.readout:
            return None
        if kind_of(self.module, AFTER):
            return [y.reshape(-1) for y in outputs([Stage("", self.module)], self.values)[-1]]
        return [outputs(self.chain[1:], h)[-1].reshape(-1) for h in found]

    # --- images -------------------------------------------------------------------------------

    def window(self) -> WindowPicture:
        if len(self.chain) > 1 or not has_window(self.chain[0].module):
            raise ValueError(
                f"style='window' draws one Conv2d or pooling layer; {self.title} is none: "
                "give it the layer itself and the image that enters it"
            )
        return layer_window(self.chain[0], self._image("window"), self.at, self.digits)

    def maps(self) -> MapPicture:
        return MapPicture(self.chain, outputs(self.chain, self._image("maps")), self.digits)

    def _image(self, style: str) -> Any:
        if self.values is None:
            raise ValueError(f"style={style!r} shows numbers: give values, an image")
        return self.values
