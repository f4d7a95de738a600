"""What holds of every document: no two rows have one key, and each numbered row has one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from autograd_core import Worksheet
from autograd_core.tracing import Depth
from viz import explain
from viz.document import Row
from viz.library import worksheet_text


def all_rows(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from all_rows(row.below)


@pytest.mark.parametrize("depth", ["named", "layer", "operation"])
@pytest.mark.parametrize("name", ["000.toy-elu", "004.cnn-small", "004.rnn-vector"])
def test_rows_are_told_apart_by_their_keys(name: str, depth: Depth) -> None:
    sheet = Worksheet.parse(worksheet_text(name))
    document = explain(sheet, depth=depth, lines=None).document
    rows = [row for section in document.sections for row in all_rows(section.rows)]
    keys = [row.key for row in rows if row.key]
    assert len(set(keys)) == len(keys)
    assert all(row.key for row in rows if row.number)
    branched = [row for row in rows if row.below]
    assert branched
    for row in branched:
        *edges, total = row.below
        assert all(edge.key for edge in edges)
        assert total.label == ("sum",)


def test_keys_name_the_steps_that_a_row_shows() -> None:
    document = explain(Worksheet.parse(worksheet_text("000.toy-elu"))).document
    [backward] = [section for section in document.sections if section.title == "BACKWARD"]
    last = backward.rows[-1]
    assert last.key == "b9-b10"
    assert [row.key for row in last.below] == ["b9", "b10", ""]
