"""From a document to text, Markdown, LaTeX, HTML and JSON: nothing is computed here."""

__all__: list[str] = []  # the package viz names what is public
