"""The catalogue's examples as code: one module for each source, one function for each example."""

from . import s000, s001, s002, s003, s004, s004_recurrent

__all__ = ["s000", "s001", "s002", "s003", "s004", "s004_recurrent"]
