"""Finding a problem: by a packaged name, in a file, on standard input."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from autograd_core import Worksheet
from viz.library import LARGEST_FILE, packaged_worksheets, read_problem, worksheet_text


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="latin-1"))
    return data


def test_every_packaged_worksheet_has_a_title_and_parses() -> None:
    names = packaged_worksheets()
    assert names == sorted(names)
    for name in names:
        text = worksheet_text(name)
        assert text.startswith("# ")
        assert len(text.partition("\n")[0]) <= 100
        assert Worksheet.parse(text).wrt


def test_a_packaged_name_a_file_and_standard_input(
    tmp_path: Path, standard_input: io.BytesIO
) -> None:
    assert read_problem("002.xyz") == worksheet_text("002.xyz")
    path = tmp_path / "problem.txt"
    path.write_text("α = 1\nL = α**2\n", encoding="utf-8")
    assert read_problem(str(path)) == "α = 1\nL = α**2\n"
    standard_input.write("β = 2\n".encode())
    standard_input.seek(0)
    assert read_problem("-") == "β = 2\n"


def test_byte_order_mark_and_line_ends_of_other_systems(tmp_path: Path) -> None:
    path = tmp_path / "problem.txt"
    path.write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\rz = 3\n")
    assert read_problem(str(path)) == "x = 1\ny = 2\nz = 3\n"


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "problem.txt"
    path.write_bytes(b"x = 1 # caf\xe9")
    with pytest.raises(ValueError, match=r"problem\.txt is not UTF-8 text \(byte 12\)"):
        read_problem(str(path))


@pytest.mark.parametrize("extra", [0, 1, 10_000_000])
def test_too_large(extra: int, tmp_path: Path, standard_input: io.BytesIO) -> None:
    data = b"#" * (LARGEST_FILE + extra)
    path = tmp_path / "problem.txt"
    path.write_bytes(data)
    standard_input.write(data)
    standard_input.seek(0)
    for source in (str(path), "-"):
        if extra:
            with pytest.raises(ValueError, match=f"is larger than {LARGEST_FILE} bytes"):
                read_problem(source)
        else:
            assert len(read_problem(source)) == LARGEST_FILE


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("000.toy-elo", "did you mean 000.toy-elu"),
        ("xyz", "did you mean 002.xyz"),
        ("no such thing at all", "`autograd-core examples` lists them"),
        ("../worksheets/002.xyz", "is neither a file nor a packaged worksheet"),
        ("002.xyz.txt", "did you mean 002.xyz"),
        ("", "is neither a file nor a packaged worksheet"),
        ("a\0b", "is neither a file nor a packaged worksheet"),
    ],
)
def test_not_found(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match="neither a file nor") as caught:
        read_problem(name)
    assert hint in str(caught.value)


def test_a_directory_is_no_problem(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is neither a file"):
        read_problem(str(tmp_path))
