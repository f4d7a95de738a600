"""What several tests of solutions share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def undrawn() -> Iterator[None]:
    """Solutions without their pictures, which take as long to make as all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("viz.explanation.MOST_DRAWN", 0)
        yield
