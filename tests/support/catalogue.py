"""The catalogue of worked examples: their inputs and the numbers that must come out."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "catalogue" / "examples.json"


@cache
def _examples() -> dict[str, dict[str, Any]]:
    return {found["id"]: found for found in json.loads(FILE.read_text("utf-8"))}


def example(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is given, and what is expected."""
    found = _examples()[name]
    return found["inputs"], found["expected"]
