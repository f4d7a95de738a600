"""Networks as pictures: what is read from a module, and one file for each kind of picture."""

__all__: list[str] = []
