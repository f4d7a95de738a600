"""Pictures with matplotlib; `viz.plots` names the functions."""

__all__: list[str] = []  # the package viz names what is public
