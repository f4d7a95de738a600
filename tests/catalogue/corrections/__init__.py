"""The catalogue's errata as code: figures, formulas and programs, as printed and put right."""

from . import figures, formulas, programs, recurrent

__all__ = ["figures", "formulas", "programs", "recurrent"]
