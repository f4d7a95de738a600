"""From a trace to a document: which lines a worked solution has, and in which words."""

__all__: list[str] = []  # the package viz names what is public
