"""Parameters in JSON and .npz: bit for bit there and back; what is not ours is refused."""

from __future__ import annotations

import io
import json
import pickle
import signal
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograd_core import Value
from nn import Linear, Module, Sequential, Tanh, load, save, saving

ROOT = Path(__file__).parents[2]
ENDINGS = [".json", ".npz"]
both = pytest.mark.parametrize("ending", ENDINGS)


@both
@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    state=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
            lambda name: "\0" not in name
        ),
        hnp.arrays(
            np.float64,
            hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3),
            elements=st.floats(allow_subnormal=True),
        ),
        max_size=3,
    )
)
def test_every_float_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, ending: str, state: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("saving") / f"state{ending}"
    save(state, path)
    back = load(path)
    assert list(back) == list(state)
    for name, array in state.items():
        assert back[name].dtype == np.float64
        assert back[name].shape == array.shape
        numbers = ~np.isnan(array)
        assert np.array_equal(np.isnan(back[name]), ~numbers)
        assert back[name][numbers].tobytes() == array[numbers].tobytes()  # −0 too


@both
def test_a_module_is_saved_and_restored(tmp_path: Path, ending: str) -> None:
    def net() -> Sequential:
        return Sequential(Linear(2, 3), Tanh(), Linear(3, 1))

    first, second = net(), net()
    first[0].weight[0, 0].data = 0.1 + 0.2  # type: ignore[attr-defined]
    save(first.state_dict(), tmp_path / f"net{ending}")
    second.load_state_dict(load(tmp_path / f"net{ending}"))
    assert [p.data for p in second.parameters()] == [p.data for p in first.parameters()]
    assert second([0.3, 0.7])[0].data == first([0.3, 0.7])[0].data


def test_the_json_is_written_for_people(tmp_path: Path) -> None:
    class Net(Module):
        def __init__(self) -> None:
            self.w = [Value(0.1), Value(float("inf")), Value(float("nan"))]
            self.b = Value(-0.0)

    save(Net().state_dict(), tmp_path / "net.json")
    text = (tmp_path / "net.json").read_text("utf-8")
    assert json.loads(text) == {
        "format": "autograd-core parameters",
        "version": 1,
        "parameters": {"w": [0.1, "inf", "nan"], "b": -0.0},
    }
    assert "NaN" not in text


def test_numpy_reads_our_npz_and_we_read_its(tmp_path: Path) -> None:
    state = {"0.weight": np.arange(6.0).reshape(2, 3), "0.bias": np.array(1.5)}
    save(state, tmp_path / "ours.npz")
    with np.load(tmp_path / "ours.npz", allow_pickle=False) as archive:
        assert {name: archive[name].tolist() for name in archive} == {
            name: array.tolist() for name, array in state.items()
        }
    for write in (np.savez, np.savez_compressed):
        turned = np.asfortranarray([[1, 2], [3, 4]])
        kinds = {"f": np.float32([0.5]), "i": np.arange(3), "t": turned, "b": np.array(True)}
        write(tmp_path / "theirs.npz", **kinds)
        back = load(tmp_path / "theirs.npz")
        assert {name: a.tolist() for name, a in back.items()} == {
            "f": [0.5], "i": [0.0, 1.0, 2.0], "t": [[1.0, 2.0], [3.0, 4.0]], "b": 1.0,
        }  # fmt: skip
        assert {a.dtype for a in back.values()} == {np.dtype("float64")}


@both
def test_the_same_state_makes_the_same_file(tmp_path: Path, ending: str) -> None:
    state = Linear(2, 2, seed=0).state_dict()
    save(state, tmp_path / f"a{ending}")
    save(state, tmp_path / f"b{ending}")
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@both
def test_killed_while_saving_the_old_parameters_are_whole(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"net{ending}"
    save({"w": np.full(1000, 1.0)}, path)
    died = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys, numpy\n"
            "from nn import save\n"
            "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "save({'w': numpy.full(2000, 2.0)}, sys.argv[1])\n",
            str(path),
        ],
        cwd=ROOT,
    )
    assert died.returncode == -signal.SIGKILL
    assert load(path)["w"].tolist() == [1.0] * 1000
    [left] = [other for other in tmp_path.iterdir() if other != path]
    left.rename(tmp_path / f"left{ending}")
    assert load(tmp_path / f"left{ending}")["w"].tolist() == [2.0] * 2000  # it was written


# --- what cannot be saved -----------------------------------------------------------------------


@both
@pytest.mark.parametrize(
    ("state", "message"),
    [
        (Linear(1, 1), r"save takes a state, module\.state_dict\(\), not Linear"),
        ([1.0], "not list"),
        ({1: 2.0}, "the names of a state are strings, not 1"),
        ({"w": "text"}, "w is no array of real numbers"),
        ({"w": [Value(1.0)]}, "w is no array of real numbers"),
        ({"w": 1j}, "w is no array of real numbers"),
    ],
)
def test_what_is_no_state(tmp_path: Path, ending: str, state: Any, message: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"old")
    with pytest.raises(TypeError, match=message):
        save(state, path)
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["a.pt", "a", "a.pickle", "json"])
def test_other_endings(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"parameters are kept in \.json or \.npz files; got"):
        save({}, tmp_path / name)
    with pytest.raises(ValueError, match=r"parameters are kept in \.json or \.npz files; got"):
        load(tmp_path / name)


# --- files from elsewhere -----------------------------------------------------------------------


def document(parameters: Any, **other: Any) -> bytes:
    return json.dumps(
        {"format": "autograd-core parameters", "version": 1, "parameters": parameters, **other}
    ).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe", "utf-8"),
        (b"[1]", 'no JSON object with "format"'),
        (b'{"w": [1]}', 'no JSON object with "format"'),
        (document({}, version=2), "its version is 2"),
        (document([]), '"parameters" is no JSON object'),
        (document({"w": None}), "w holds 'None', which is no number"),
        (document({"w": True}), "w holds 'True', which is no number"),
        (document({"w": "1.0"}), "w holds '1.0', which is no number"),
        (document({"w": {"a": 1}}), "which is no number"),
        (document({"w": [[1, 2], [3]]}), "the rows of w differ in length"),
        (document({"w": [[1], 2]}), "the rows of w differ in length"),
        (document({"w": [1, [2]]}), "which is no number"),
        (document({"w": float("nan")}), "NaN is no JSON"),
        (document({"w": [float("inf")]}), "Infinity is no JSON"),
        (document({"w": 1.0}).replace(b"1.0", b"1e999"), "beyond the largest float"),
        (document({"w": 1}).replace(b": 1}}", b": " + b"9" * 5000 + b"}}"), "beyond the largest"),
        (b"[" * 100_000, "nested too deeply"),
        (document({"w": json.loads("[" * 60 + "1" + "]" * 60)}), "which is no number"),
    ],
)
def test_json_that_is_not_ours(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.json holds no parameters: .*" + message):
        load(path)


def npy(array: Any, allow_pickle: bool = False) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.asarray(array), allow_pickle=allow_pickle)
    return content.getvalue()


def header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def zipped(content: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as file:
        file.writestr("w.npy", content)
    return archive.getvalue()


NO_ARRAY = r"w\.npy is no array of real numbers in NumPy's format"


class Runs:
    """An object that would leave a file behind if it were ever unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no whole .npz file"),
        (npy([1.0]), "no whole .npz file"),
        (zipped(npy([1.0]))[:-10], "no whole .npz file"),
        (zipped(npy([1.0])).replace(npy([1.0])[-8:], b"\0" * 8), "no whole .npz file"),
        (zipped(b"text"), NO_ARRAY),
        (zipped(npy([1j])), NO_ARRAY),
        (zipped(npy(["a"])), NO_ARRAY),
        (zipped(npy(np.zeros(2, dtype="f8,f8"))), NO_ARRAY),
        (zipped(npy(np.array(["2020"], dtype="M8[s]"))), NO_ARRAY),
        (zipped(header("(-1,)") + b"\0" * 8), NO_ARRAY),
        (zipped(header("__import__('os')") + b"\0" * 8), NO_ARRAY),
        (zipped(header("(1,)", "'<f7'") + b"\0" * 8), NO_ARRAY),
        (zipped(b"\x93NUMPY\x03\x00" + npy([1.0])[8:]), NO_ARRAY),
        (zipped(header("(1000000000000,)") + b"\0" * 8), "is 1000000000000, which is not what 8 b"),
        (zipped(header("(2,)") + b"\0" * 8), r"w\.npy is 2, which is not what 8 bytes hold"),
        (zipped(header("(2,)") + b"\0" * 24), r"w\.npy is 2, which is not what 24 bytes hold"),
        (zipped(header("()")), "is a single number, which is not what 0 bytes hold"),
        (zipped(npy([1.0]), zipfile.ZIP_BZIP2), "packed in a way that NumPy does not use"),
        (zipped(npy([1.0]), zipfile.ZIP_LZMA), "packed in a way that NumPy does not use"),
    ],
)
def test_npz_that_is_not_ours(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"a\.npz holds no parameters: .*({message})"):
        load(path)


def test_nothing_is_ever_unpickled(tmp_path: Path) -> None:
    mark, path = tmp_path / "it ran", tmp_path / "a.npz"
    array = np.array([Runs(mark)], dtype=object)
    path.write_bytes(zipped(npy(array, allow_pickle=True)))
    with pytest.raises(ValueError, match=NO_ARRAY):
        load(path)
    for name in ("a.npz", "a.json"):
        (tmp_path / name).write_bytes(pickle.dumps(Runs(mark)))
        with pytest.raises(ValueError, match="holds no parameters"):
            load(tmp_path / name)
    assert not mark.exists()


def test_files_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "LARGEST_FILE", 10_000)
    for ending in ENDINGS:
        save({"w": np.zeros(2000)}, tmp_path / f"a{ending}")  # 16000 bytes; as text 10000 as well
        with pytest.raises(ValueError, match="more than 10000 bytes"):
            load(tmp_path / f"a{ending}")
    bomb = zipped(npy(np.zeros(10_000)), zipfile.ZIP_DEFLATED)
    assert len(bomb) < 1000
    (tmp_path / "bomb.npz").write_bytes(bomb)
    with pytest.raises(ValueError, match="more than 10000 bytes when unpacked"):
        load(tmp_path / "bomb.npz")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "a.json")
