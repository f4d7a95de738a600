"""What a node is called and where it belongs; a node without any of it carries no label."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Label"]


@dataclass(slots=True)
class Label:
    """Name, scope, and place in an array (its name and the index), all optional.

    `changed` is set on a leaf whose data was set after it was made.
    """

    name: str | None = None
    scope: tuple[str, ...] = ()
    place: tuple[str, tuple[int, ...]] | None = None
    changed: bool = False
