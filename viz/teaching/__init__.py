"""Marking answers, naming the slip behind a wrong one, and making exercises."""

__all__: list[str] = []  # the package viz names what is public
