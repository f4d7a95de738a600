"""Networks that are trained from the first draw of their weights to a mark, with pictures."""

__all__: list[str] = []  # programs, not a library
