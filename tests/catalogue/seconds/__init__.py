"""Second instances of the catalogue's examples: other numbers, answered by another route."""

from . import s000, s000_steps, s001, s002, s003, s003_descents, s004, s004_recurrent

__all__ = [
    "s000", "s000_steps", "s001", "s002", "s003", "s003_descents", "s004", "s004_recurrent",
]  # fmt: skip
