"""What a node is called and where it belongs; a node without any of it carries no label."""

from __future__ import annotations

from typing import Any

__all__ = ["Label"]


class Label:
    """Name, scope, and place in an array (its name and the index), all optional.

    `previous` is what a leaf's data was before it was last set; None if it never was.
    """

    __slots__ = ("name", "place", "previous", "scope")

    def __init__(
        self,
        name: str | None = None,
        scope: tuple[str, ...] = (),
        place: tuple[str, tuple[int, ...]] | None = None,
        previous: float | None = None,
    ) -> None:
        self.name = name
        self.scope = scope
        self.place = place
        self.previous = previous

    def __reduce__(self) -> tuple[Any, ...]:
        return Label, (self.name, self.scope, self.place, self.previous)
