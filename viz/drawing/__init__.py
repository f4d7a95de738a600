"""Computation graphs as pictures: what is drawn (`scene`), in which style, in which layout."""

__all__: list[str] = []
