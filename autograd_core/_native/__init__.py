"""The C twin of `reference.py`: the extension `engine`, where it was built."""

__all__: list[str] = []
