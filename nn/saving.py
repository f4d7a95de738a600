"""Parameters in files: JSON, which people can read, and NumPy's .npz. Neither runs code.

    save(net.state_dict(), "net.json")
    net.load_state_dict(load("net.json"))

JSON holds {"format": …, "version": 1, "parameters": {name: nested lists}}. Numbers are written with
the digits that give the same float again; what JSON has no number for is the text "inf", "-inf" or
"nan". An .npz is what `numpy.savez` writes, an array for each name.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from .arguments import shape_text
from .files import replace_file

__all__ = ["LARGEST_FILE", "load", "save"]

LARGEST_FILE = 1 << 28  # bytes, packed or unpacked: a file from elsewhere cannot fill the memory
FORMAT = "autograd-core parameters"
VERSION = 1
MOST_AXES = 16
# The start of an array in NumPy's format, versions 1.0 and 2.0: the type, the order, the shape.
NPY = re.compile(
    rb"\x93NUMPY(?:\x01\x00..|\x02\x00....)"
    rb"\{'descr': '((?:[<>][fiu][248]|\|[iu]1|\|b1))', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,15}, ?)*\d{0,15})\), \} *\n",
    re.DOTALL,
)
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # numpy.savez and savez_compressed
SPECIAL = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def save(state: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write a state, `module.state_dict()`, to a .json or .npz file, whole or not at all.

    Errors: TypeError for what is no mapping of names to real numbers, ValueError for another
    ending, OSError from the system. The old file is untouched by every one of them.

    >>> import tempfile
    >>> from nn import Linear
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Linear(2, 1).state_dict(), Path(folder) / "layer.json")
    ...     sorted(load(Path(folder) / "layer.json"))
    ['bias', 'weight']
    """
    if not isinstance(state, Mapping):
        raise TypeError(
            f"save takes a state, module.state_dict(), not {type(state).__name__}: "
            f"save(module.state_dict(), path)"
        )
    arrays = {_name(name): _real(name, array) for name, array in state.items()}
    write = {".json": _json_bytes, ".npz": _npz_bytes}[_ending(path)]
    replace_file(path, write(arrays))


def load(path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The state in a .json or .npz file, for `module.load_state_dict`.

    Errors: ValueError for another ending, for a file that is not one of ours and for one of more
    than `LARGEST_FILE` bytes, packed or unpacked; OSError from the system.
    """
    read = {".json": _from_json, ".npz": _from_npz}[_ending(path)]
    with Path(path).open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    try:
        if len(content) > LARGEST_FILE:
            raise ValueError(f"more than {LARGEST_FILE} bytes")
        return read(content)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)} holds no parameters: {error}") from None


def _ending(path: str | os.PathLike[str]) -> str:
    ending = Path(path).suffix.lower()
    if ending not in (".json", ".npz"):
        raise ValueError(f"parameters are kept in .json or .npz files; got {os.fspath(path)!r}")
    return ending


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the names of a state are strings, not {name!r}")
    return name


def _real(name: str, array: Any) -> np.ndarray:
    numbers: np.ndarray = np.asarray(array)
    if numbers.dtype.kind not in "fiub":
        raise TypeError(f"{name} is no array of real numbers: take it from state_dict()")
    return numbers.astype(float)


# --- JSON ---------------------------------------------------------------------------------------


def _json_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "parameters": {name: _spelled(array.tolist()) for name, array in arrays.items()},
    }
    return (json.dumps(document, allow_nan=False, ensure_ascii=False) + "\n").encode()


def _spelled(item: Any) -> Any:
    """Nested lists with the text of what is no number in JSON."""
    if isinstance(item, list):
        return [_spelled(inner) for inner in item]
    return item if math.isfinite(item) else str(float(item))


def _from_json(content: bytes) -> dict[str, np.ndarray]:
    try:
        document = json.loads(content.decode(), parse_constant=_no_number, parse_int=float)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'it is no JSON object with "format": "{FORMAT}"')
    if document.get("version") != VERSION:
        raise ValueError(f"its version is {document.get('version')!r}; this reads {VERSION}")
    parameters = document.get("parameters")
    if not isinstance(parameters, dict):
        raise ValueError('"parameters" is no JSON object')
    return {name: _array(name, item) for name, item in parameters.items()}


def _no_number(word: str) -> float:
    raise ValueError(f'{word} is no JSON; write "nan", "inf" or "-inf"')


def _array(name: str, item: Any) -> np.ndarray:
    """The float64 array of nested lists; every row as long as the others."""
    shape: list[int] = []
    first = item
    while isinstance(first, list) and len(shape) < MOST_AXES:
        shape.append(len(first))
        first = first[0] if first else None
    flat: list[float] = []
    _gather(name, item, shape, flat)
    return np.array(flat, dtype=float).reshape(shape)


def _gather(name: str, item: Any, shape: list[int], flat: list[float]) -> None:
    if shape:
        if not isinstance(item, list) or len(item) != shape[0]:
            raise ValueError(f"the rows of {name} differ in length")
        for inner in item:
            _gather(name, inner, shape[1:], flat)
    elif isinstance(item, float):
        if math.isinf(item):
            raise ValueError(f"a number in {name} is beyond the largest float")
        flat.append(item)
    elif isinstance(item, str) and item in SPECIAL:
        flat.append(SPECIAL[item])
    else:
        raise ValueError(f"{name} holds {str(item)[:40]!r}, which is no number")


# --- .npz ---------------------------------------------------------------------------------------


def _npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    # Not numpy.savez: there a parameter cannot be called "file", and the time of day gets in.
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return content.getvalue()


def _from_npz(content: bytes) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST_FILE:
                raise ValueError(f"more than {LARGEST_FILE} bytes when unpacked")
            if any(member.compress_type not in COMPRESSIONS for member in members):
                raise ValueError("it is packed in a way that NumPy does not use")
            return {
                member.filename.removesuffix(".npy"): _from_npy(
                    member.filename, archive.read(member)
                )
                for member in members
            }
    except (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error) as error:
        raise ValueError(f"it is no whole .npz file ({error})") from None


def _from_npy(name: str, content: bytes) -> np.ndarray:
    """One array of real numbers. The header is read here, so that nothing else can be in it."""
    found = NPY.match(content)
    if found is None:
        raise ValueError(f"{name} is no array of real numbers in NumPy's format")
    dtype, fortran, axes = (group.decode() for group in found.groups())
    shape = tuple(int(size) for size in axes.split(",") if size.strip())
    kind, body = np.dtype(dtype), content[found.end() :]
    if math.prod(shape) * kind.itemsize != len(body):
        raise ValueError(f"{name} is {shape_text(shape)}, which is not what {len(body)} bytes hold")
    order: Literal["F", "C"] = "F" if fortran == "True" else "C"
    return np.frombuffer(body, kind).reshape(shape, order=order).astype(float)
