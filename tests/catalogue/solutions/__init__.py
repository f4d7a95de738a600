"""The catalogue's examples as code: one module for each source, one function for each example."""

from . import s000, s000_steps, s001, s002, s003, s003_descents, s004, s004_recurrent

__all__ = [
    "s000", "s000_steps", "s001", "s002", "s003", "s003_descents", "s004", "s004_recurrent",
]  # fmt: skip
