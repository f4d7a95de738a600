"""Second instances of the examples 000.*: formulas and convolution."""

from __future__ import annotations

import itertools
import math
from typing import Any

from tests.catalogue.registry import Answers, Inputs, second

# --- one input, two branches ------------------------------------------------------------------


def toy_answers(inputs: Inputs) -> Answers:
    """The chain rule written out in 40 digits."""
    from mpmath import exp, mp, mpf

    with mp.workdps(40):
        x, w1, w2, w3, t, lr = (
            mpf(inputs[name]) for name in ("x", "w1", "w2", "w3", "o_target", "lr")
        )
        y, z = 1 / (1 + exp(2 * x - 4)), max(x / 10, 2 * x)
        dy_dx, dz_dx = -2 * y * (1 - y), mpf(2) if x > 0 else mpf(1) / 10
        pre = w1 * y + w2 * z + w3
        o, do_dpre = (pre, mpf(1)) if pre > 0 else (exp(pre) - 1, exp(pre))
        dL_do = 2 * (o - t)
        dL_dpre = dL_do * do_dpre
        via_y, via_z = dL_dpre * w1 * dy_dx, dL_dpre * w2 * dz_dx
        found = {
            "y": y, "z": z, "pre": pre, "o": o, "L": (o - t) ** 2, "dL_do": dL_do,
            "do_dpre": do_dpre, "do_dy": do_dpre * w1, "do_dz": do_dpre * w2, "dy_dx": dy_dx,
            "dz_dx": dz_dx, "dL_dy": dL_dpre * w1, "dL_dz": dL_dpre * w2, "dL_dx_via_y": via_y,
            "dL_dx_via_z": via_z, "dL_dx": via_y + via_z, "dL_dw1": dL_dpre * y,
            "dL_dw2": dL_dpre * z, "dL_dw3": dL_dpre, "w1_new": w1 - lr * dL_dpre * y,
            "w2_new": w2 - lr * dL_dpre * z, "w3_new": w3 - lr * dL_dpre,
        }  # fmt: skip
        return {name: float(number) for name, number in found.items()}


@second("000.toy-elu")
def toy_elu() -> tuple[Inputs, Answers]:
    """The other scaled copy is the larger."""
    inputs = {"x": -0.7, "w1": 1.5, "w2": 2.0, "w3": 0.3, "o_target": 0.4, "lr": 0.05}
    return inputs, toy_answers(inputs)


@second("000.toy-elu.second-pass")
def toy_elu_second_pass() -> tuple[Inputs, Answers]:
    """The ELU's exponential branch, not as far out."""
    inputs = {"x": 1.3, "w1": 0.8, "w2": -1.1, "w3": 0.9, "o_target": 0.25, "lr": 0.2}
    return inputs, toy_answers(inputs)


@second("000.plots")
def plots() -> tuple[Inputs, Answers]:
    x = [-3.5, -0.25, 0.5, 1.75, 2.5]
    y = [1.0 / (1.0 + math.exp(2.0 * number - 4.0)) for number in x]
    return {"x": x}, {"y": y, "z": [-0.35, -0.025, 1.0, 3.5, 5.0]}


# --- softmax and cross entropy ----------------------------------------------------------------


@second("000.softmax-cross-entropy")
def softmax_cross_entropy() -> tuple[Inputs, Answers]:
    """Four classes, by PyTorch."""
    import torch

    inputs = {
        "y": [0.5, -1.25, 2.0, 0.75], "p_onehot": [0.0, 1.0, 0.0, 0.0],
        "p_soft": [0.1, 0.4, 0.15, 0.35], "p_unnormalised": [0.5, 2.0, 0.0, 1.0],
    }  # fmt: skip
    y = torch.tensor(inputs["y"], dtype=torch.float64, requires_grad=True)
    answers: Answers = {"q": torch.softmax(y, 0).tolist()}
    for name in ("onehot", "soft", "unnormalised"):
        p = torch.tensor(inputs[f"p_{name}"], dtype=torch.float64)
        loss = -(p * torch.log_softmax(y, 0)).sum()
        [slope] = torch.autograd.grad(loss, y)
        answers[f"loss_{name}"], answers[f"grad_{name}"] = loss.item(), slope.tolist()
    answers["grad_onehot_log10"] = [g / math.log(10.0) for g in answers["grad_onehot"]]
    return inputs, answers


# --- the arithmetic of convolution ------------------------------------------------------------


def places(n: int, k: int, p: int, s: int) -> int:
    """How many windows begin, and end, on the padded axis."""
    return len(range(0, n + 2 * p - k + 1, s))


@second("000.conv-output")
def conv_output() -> tuple[Inputs, Answers]:
    inputs = {"n": 38, "k": 5, "p": 2, "s": 3}
    return inputs, {"n_out": places(**inputs)}


@second("000.same-padding")
def same_padding() -> tuple[Inputs, Answers]:
    """The padding is found by trying one after the other."""
    n, s, kernels = 11, 2, [3, 5, 9]

    def least(k: int) -> int:
        return next(p for p in itertools.count() if places(n, k, p, s) == n)

    inputs = {"n": n, "k": 7, "s": s, "kernels": kernels}
    return inputs, {"p": least(7), "p_by_kernel": [least(k) for k in kernels]}


@second("000.layers-until-nothing")
def layers_until_nothing() -> tuple[Inputs, Answers]:
    """Layer by layer; where nothing is left, the formula gives −3."""
    n, k, others = 61, 5, [60, 12, 5, 4]

    def sizes(n: int) -> list[int]:
        """After each layer, the last one without output included."""
        found = [n - (k - 1)]
        while found[-1] > 0:
            found.append(found[-1] - (k - 1))
        return found

    one, two, *_, last, nothing = sizes(n)
    return {"n": n, "k": k, "other_n": others}, {
        "first": one, "second": two, "last_nonempty": last,
        "layers_with_output": len(sizes(n)) - 1, "layer_without_output": len(sizes(n)),
        "size_formula_at_last": nothing,
        "other_first_empty_layer": [len(sizes(m)) for m in others],
    }  # fmt: skip


# --- detectors of patterns --------------------------------------------------------------------


def filter_instance(weight: list[list[float]], bias: float) -> tuple[Inputs, Answers]:
    """Every patch scored by a sum over its pixels."""
    width = len(weight[0])
    flat = [w for row in weight for w in row]
    scores = {
        pixels: sum(w * pixel for w, pixel in zip(flat, pixels, strict=True)) + bias
        for pixels in itertools.product((0, 1), repeat=len(flat))
    }

    def patches(lowest: float, strictly: bool) -> list[Any]:
        return [
            [list(pixels[i : i + width]) for i in range(0, len(flat), width)]
            for pixels, score in scores.items()
            if score > lowest or (score == lowest and not strictly)
        ]

    return {"filter": weight, "bias": bias}, {
        "patches": 2 ** len(flat),
        "fires_inclusive": patches(0.0, strictly=False),
        "fires_strict": patches(0.0, strictly=True),
        "max_score": max(scores.values()),
        "fires_with_bias_plus_half": patches(-0.5, strictly=False),
    }


@second("000.filter-vertical")
def filter_vertical() -> tuple[Inputs, Answers]:
    return filter_instance([[-1, 1, 1], [-1, 1, 1]], -4)


@second("000.filter-diagonal")
def filter_diagonal() -> tuple[Inputs, Answers]:
    """A lower threshold: some other patches pass, some only with the inclusive step."""
    return filter_instance([[-1, 1, 1], [-1, -1, 1], [-1, -1, -1]], -2)


@second("000.filter-corner")
def filter_corner() -> tuple[Inputs, Answers]:
    return filter_instance([[2.0, -1.5], [0.5, -3.0], [1.0, 0.25]], -2.75)


@second("000.matched-filter")
def matched_filter() -> tuple[Inputs, Answers]:
    """Pixel by pixel: equal pixels cost nothing, others 1, so only the pattern itself gets 0."""
    patches = list(itertools.product((0, 1), repeat=5))
    alone = agrees = True
    for pattern, patch in itertools.product(patches, repeat=2):
        score = sum(x if one else -x for one, x in zip(pattern, patch, strict=True)) - sum(pattern)
        alone = alone and (score >= 0) == (patch == pattern)
        agrees = agrees and -score == sum(a != b for a, b in zip(pattern, patch, strict=True))
    return {"bits": 5}, {
        "patterns": len(patches),
        "every_filter_fires_on_its_pattern_only": alone,
        "score_is_minus_mismatches": agrees,
    }
