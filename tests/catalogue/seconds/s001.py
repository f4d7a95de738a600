"""Second instances of the examples 001.*."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from tests.catalogue.registry import Answers, Inputs, second


@second("001.tanh-table")
def tanh_table() -> tuple[Inputs, Answers]:
    xs = [-0.5, 1.25, 6.0]
    return {"x": xs}, {f"tanh_{x:g}": float(mpmath.tanh(x)) for x in xs}


# --- the net with one hidden layer --------------------------------------------------------------


def by_torch(inputs: Inputs) -> Answers:
    """What the three ways of writing the net have in common."""
    import torch

    alpha, beta, x = (
        torch.tensor(inputs[name], dtype=torch.float64) for name in ("alpha", "beta", "x")
    )
    alpha.requires_grad_()
    beta.requires_grad_()
    a = alpha @ torch.cat([torch.ones(1, dtype=torch.float64), x])
    z = torch.tanh(a)
    y_hat = beta[0] + beta[1:] @ z
    for intermediate in (a, z, y_hat):
        intermediate.retain_grad()
    loss = 0.5 * (y_hat - inputs["y"]) ** 2
    loss.backward()
    return {
        "a": a.tolist(), "z": z.tolist(), "y_hat": y_hat.item(), "loss": loss.item(),
        "residual": y_hat.grad.item(),
        "one_minus_z2": (1.0 / torch.cosh(a) ** 2).tolist(),
        "dl_da": a.grad.tolist(),
        "dl_dalpha": alpha.grad.tolist(),
        "dl_dbeta": beta.grad.tolist(),
    }  # fmt: skip


@second("001.scalar")
def scalar() -> tuple[Inputs, Answers]:
    """Three inputs and two hidden neurons."""
    inputs = {
        "alpha": [[0.1, -0.6, 0.35, 0.8], [0.5, 0.2, -0.3, 0.15]],
        "beta": [-0.2, 1.1, 0.7],
        "x": [0.9, -1.4, 0.5],
        "y": 1.6,
    }
    answers = by_torch(inputs)
    return inputs, answers | {
        "dl_dalpha_11": answers["dl_dalpha"][0][1],
        "dl_dbeta_1": answers["dl_dbeta"][1],
        "chain_alpha_11": {
            "dl_dyhat": answers["y_hat"] - 1.6,
            "dyhat_dpre_out": 1.0,
            "dpre_out_dz1": 1.1,
            "dz1_da1": answers["one_minus_z2"][0],
            "da1_dalpha11": 0.9,
        },
    }


@second("001.vector-0-1")
def vector_in_rows() -> tuple[Inputs, Answers]:
    """Two inputs and four hidden neurons."""
    inputs = {
        "alpha": [[0.2, 0.9, -0.4], [-1.0, 0.3, 0.6], [0.05, -0.7, 1.2], [0.4, 0.1, -0.25]],
        "beta": [0.3, 0.8, -1.3, 0.45, 1.7],
        "x": [1.1, -0.6],
        "y": -0.5,
    }
    return inputs, by_torch(inputs)


@second("001.vector-2-3")
@mpmath.workdps(40)
def vector_in_columns() -> tuple[Inputs, Answers]:
    """By hand, to forty digits."""
    alpha = [[0.3, 1.5, 0.75], [-0.25, 0.5, 0.1], [0.6, -0.4, 0.2]]
    beta, x, y = [0.1, 0.9, -1.25, 0.5], [1.75, 2.5], 2.0
    augmented = [mpmath.mpf(1), *map(mpmath.mpf, x)]
    a = [mpmath.fdot(row, augmented) for row in alpha]
    z = [mpmath.tanh(number) for number in a]
    y_hat = beta[0] + mpmath.fdot(beta[1:], z)
    residual = y_hat - y
    slopes = [1 - number**2 for number in z]
    dl_da = [residual * b * slope for b, slope in zip(beta[1:], slopes, strict=True)]
    dl_dalpha = [[d * entry for entry in augmented] for d in dl_da]
    kept = mpmath.nint(z[0] * 10**10) / 10**10
    answers = {
        "a": a, "z": z, "y_hat": y_hat, "residual": residual, "loss": residual**2 / 2,
        "one_minus_z2": slopes,
        "dl_da": dl_da, "dl_da_1": dl_da[0], "dl_da_2": dl_da[1],
        "dl_dalpha": dl_dalpha,
        "dl_dalpha_10": dl_dalpha[0][0], "dl_dalpha_20": dl_dalpha[1][0],
        "dl_dalpha_11": dl_dalpha[0][1], "dl_dalpha_21": dl_dalpha[1][1],
        "dl_dalpha_12": dl_dalpha[0][2], "dl_dalpha_22": dl_dalpha[1][2],
        "dl_dbeta": [residual, *(residual * number for number in z)],
        "dl_da_1_by_cancellation": residual * beta[1] * (1 - kept**2),
    }  # fmt: skip
    return {"alpha": alpha, "beta": beta, "x": x, "y": y}, as_floats(answers)


def as_floats(item: Any) -> Any:
    """mpmath's numbers as floats, in dictionaries and lists as they came."""
    if isinstance(item, dict):
        return {key: as_floats(inner) for key, inner in item.items()}
    return [as_floats(inner) for inner in item] if isinstance(item, list) else float(item)


@second("001.linear-collapse")
def linear_collapse() -> tuple[Inputs, Answers]:
    """The product of the two matrices, for three inputs and two hidden neurons."""
    alpha = [[0.4, 1.5, -2.0, 0.25], [-1.0, 0.5, 3.0, 0.75]]
    beta = [0.2, -1.2, 0.6]
    points = [[0.3, -0.7, 2.0], [1.0, 1.0, -1.0]]
    bias, *weights = np.array(beta[1:]) @ np.array(alpha) + [beta[0], 0.0, 0.0, 0.0]
    outputs = [bias + sum(w * x for w, x in zip(weights, p, strict=True)) for p in points]
    return (
        {"alpha": alpha, "beta": beta, "points": points},
        {"bias": bias, "weights": weights, "outputs": outputs},
    )


# --- convolution --------------------------------------------------------------------------------


def starts(n: int, kernel: int, stride: int = 1, padding: int = 0) -> list[int]:
    """Where a kernel may start along an axis, counted off one by one."""
    last = n + padding - kernel
    return [at for at in range(-padding, last + 1) if (at + padding) % stride == 0]


@second("001.pad")
def pad() -> tuple[Inputs, Answers]:
    return {"n": 7, "p": 5}, {"padded": len(np.pad(np.zeros(7), 5))}


@second("001.output-size-steps")
def output_size_steps() -> tuple[Inputs, Answers]:
    """Strides that leave a rest, and a kernel of another size."""
    size, kernel, padding, stride, depth = (11, 6), 4, 1, 3, 2
    strided = [len(starts(n, kernel, stride, padding)) for n in size]
    return {"H": 11, "W": 6, "K": kernel, "P": padding, "S": stride, "D": depth}, {
        "kernel_1": [len(starts(n, 1)) for n in size],
        "kernel_K": [len(starts(n, kernel)) for n in size],
        "padded": [len(starts(n, kernel, padding=padding)) for n in size],
        "stride": strided,
        "volume_depthwise": [*strided, depth],
        "volume_summed": [*strided, 1],
    }


@second("001.translation")
def translation() -> tuple[Inputs, Answers]:
    """A pattern of five ones in nine pixels; nothing but the whole pattern gives five."""
    import torch

    kernel = [[1, -1, 1], [-1, 1, -1], [1, -1, 1]]
    positions = [[0, 3], [2, 0], [1, 2]]
    images = torch.zeros(3, 1, 6, 6)
    for image, (row, column) in zip(images, positions, strict=True):
        for r, c in ((0, 0), (0, 2), (1, 1), (2, 0), (2, 2)):
            image[0, row + r, column + c] = 1.0
    maps = torch.nn.functional.conv2d(images, torch.tensor([[kernel]], dtype=torch.float32))
    return (
        {"F": kernel, "size": 6, "positions": positions},
        {"maps": maps[:, 0].tolist(), "peak_values": [5] * 3, "peak_positions": positions},
    )


@second("001.parameter-count")
def parameter_count() -> tuple[Inputs, Answers]:
    import torch

    dense, conv = torch.nn.Linear(7 * 7, 4 * 4), torch.nn.Conv2d(1, 1, 4)
    return {"n": 7, "k": 4}, {
        "outputs": conv(torch.zeros(1, 7, 7)).numel(),
        "dense": sum(p.numel() for p in dense.parameters()),
        "conv": sum(p.numel() for p in conv.parameters()),
    }


@second("001.conv-a")
def conv_a() -> tuple[Inputs, Answers]:
    """An image that is no square, and a kernel that is none either."""
    image = np.array([[2.5, 3, -1, 2, 0.5], [4, 1, 0, 1, -3], [-2, 1, 3, 2, 7], [-1, -2, 0, 5, 1]])
    kernel = np.array([[1, 0.5, -2], [0.25, 3, -1]])
    answer = [
        [float(np.sum(image[r : r + 2, c : c + 3] * kernel)) for c in starts(5, 3)]
        for r in starts(4, 2)
    ]
    return {"X": image.tolist(), "F": kernel.tolist()}, {"Y": answer}


@second("001.conv-b")
def conv_b() -> tuple[Inputs, Answers]:
    """Strides that leave a rest."""
    out = [len(starts(n, 4, 3, 2)) for n in (11, 7)]
    return {"H": 11, "W": 7, "K": 4, "P": 2, "S": 3}, {
        "padded": [len(np.pad(np.zeros(n), 2)) for n in (11, 7)],
        "minus_kernel": [11, 7],
        "strides": [count - 1 for count in out],
        "out": out,
    }
