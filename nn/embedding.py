"""`Embedding`: a learnt vector for each word."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.table import detach

from .arguments import check_size, generator, shape_text
from .module import Module
from .parameters import parameter

__all__ = ["Embedding"]


class Embedding(Module):
    """Row i of the weight for each index i: the entries of the parameter itself, no node is made.

    num_embeddings, embedding_dim : how many words, and the length of each one's vector.
    padding_idx : the word whose vector starts as 0 and gets no gradient; counted from the end if
    negative. seed : makes the draw repeatable; None draws from Python's `random`.

    Parameter: `weight` (num_embeddings, embedding_dim), named E, normal with mean 0, deviation 1.

    Shapes: any shape of whole numbers, with an axis embedding_dim added at the end.

    Errors: TypeError for indices that are no whole numbers, IndexError for one outside
    0 … num_embeddings − 1, ValueError for a padding_idx outside.

    Source: Y. Bengio et al., JMLR 3 (2003), 1137–1155; PyTorch, `torch.nn.Embedding`.

    >>> words = Embedding(10, 3)
    >>> words([1, 4]).shape, words([[1, 2, 3], [4, 5, 6]]).shape
    ((2, 3), (2, 3, 3))
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        self.num_embeddings = check_size("Embedding", "num_embeddings", num_embeddings)
        self.embedding_dim = check_size("Embedding", "embedding_dim", embedding_dim)
        if padding_idx is not None:
            check_size("Embedding", "padding_idx", padding_idx, least=-num_embeddings)
            if padding_idx >= num_embeddings:
                raise ValueError(
                    f"Embedding: padding_idx is one of the {num_embeddings} words, from 0 on; "
                    f"got {padding_idx}"
                )
            padding_idx %= num_embeddings
        self.padding_idx = padding_idx
        random, shape = generator(seed), (self.num_embeddings, self.embedding_dim)
        numbers = np.reshape([random.gauss(0.0, 1.0) for _ in range(shape[0] * shape[1])], shape)
        if padding_idx is not None:
            numbers[padding_idx] = 0.0
        self.weight = parameter(numbers, "E")

    def forward(self, input: Any) -> Any:
        """The vectors of the words."""
        indices = np.asarray(input)
        if indices.dtype.kind not in "iu":
            raise TypeError(
                f"expected whole numbers, the indices of words; got an array of {indices.dtype}"
            )
        outside = indices[(indices < 0) | (indices >= self.num_embeddings)]
        if outside.size:
            raise IndexError(
                f"expected words from 0 to {self.num_embeddings - 1}; got {outside.flat[0]} "
                f"among indices {shape_text(indices.shape)}"
            )
        vectors = self.weight[indices]
        if self.padding_idx is not None and np.any(padding := indices == self.padding_idx):
            vectors[padding] = detach(vectors[padding])
        return vectors

    def describe(self) -> str:
        """The sizes, and the padding if there is one."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
