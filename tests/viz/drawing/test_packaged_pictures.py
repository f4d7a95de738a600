"""Every packaged worksheet in every style: its layout, and each number against the trace."""

from __future__ import annotations

import pytest

from tests.support.fonts import needs_fonts
from tests.support.picture_numbers import misprints
from tests.support.pictures import frames, layout_of, packaged, pad, sheet_of
from tests.support.placement import SMALLEST_TYPE, faults, type_size
from viz.drawing.source import STYLES
from viz.library import packaged_worksheets


@needs_fonts
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", packaged_worksheets())
def test_a_packaged_worksheet(name: str, style: str) -> None:
    diagram = packaged(name, style)
    layout = layout_of(diagram)
    assert faults(layout, frames(diagram)) == []
    assert type_size(layout, pad(diagram)) >= SMALLEST_TYPE
    assert misprints(diagram, sheet_of(name).given) == []
