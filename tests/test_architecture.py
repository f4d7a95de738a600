"""How the packages hang together: the direction of imports, what is public, how long a file is."""

from __future__ import annotations

import ast
import builtins
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograd_core", "nn", "viz")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE = 450  # lines; what one sitting reads

# A module imports only from lines above its own. A new module gets its place here.
LEVELS = [
    ["engines", "errors", "finite_differences", "graph", "ieee", "label", "modes", "op"],
    ["variadic", "backward", "pickling", "stale", "syntax"],
    ["table"],
    ["base"],
    ["reference"],
    ["value", "arrays", "expression", "update_rules"],
    ["spelled", "windows"],
    ["blocks", "naming", "check", "functions", "tracing", "transforms"],
    ["convolution", "lifting", "rationals", "reductions"],
    ["losses"],
    ["class_losses"],
    ["layers"],
    ["vocabulary"],
    ["bindings", "updates"],
    ["worksheet"],
    ["__init__"],
]
# Loaded when first used, so that floats and graphs do without NumPy.
USE_NUMPY = {
    "arrays", "bindings", "blocks", "class_losses", "convolution", "functions", "layers", "lifting",
    "losses", "reductions", "transforms", "vocabulary", "windows",
}  # fmt: skip
THIRD_PARTY = {
    "autograd_core": {"numpy"},
    "nn": {"numpy", "rich", "sklearn"},
    "viz": {"PIL", "graphviz", "matplotlib", "numpy", "pygraphviz", "rich"},
}


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every import of a file, inside functions too: the module's full name, and a name from it."""
    package = ".".join(path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parents, node.module or ""]).strip(".") if node.level else node.module
            assert base is not None
            for alias in node.names:
                inside = f"{base}.{alias.name}"
                if (ROOT / inside.replace(".", "/")).with_suffix(".py").exists():
                    yield inside, ""
                else:
                    yield base, alias.name


def imported_core(path: Path) -> set[str]:
    """The modules of autograd_core that a file imports, by their short names."""
    found = set()
    for module, _ in imports(path):
        package, _, rest = module.partition(".")
        if package == "autograd_core":
            found.add(rest or "__init__")
    return found


CORE = {path.stem: imported_core(path) for path in FILES if path.parent.name == "autograd_core"}


def test_every_module_of_the_core_has_a_level() -> None:
    listed = [module for level in LEVELS for module in level]
    assert sorted(listed) == sorted(CORE)


def test_imports_of_the_core_run_one_way() -> None:
    place = {module: i for i, level in enumerate(LEVELS) for module in level}
    upward = {
        (module, used)
        for module, all_used in CORE.items()
        for used in all_used
        if place[used] >= place[module]
    }
    assert upward == set()


def test_there_are_no_cycles() -> None:
    """The same from the graph itself, whatever the levels say: take off what imports nothing."""
    waiting = {module: set(used) for module, used in CORE.items()}
    while free := [module for module, used in waiting.items() if not used]:
        for module in free:
            del waiting[module]
        for used in waiting.values():
            used.difference_update(free)
    assert waiting == {}


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_cycles_and_direction_of_the_other_packages(package: str) -> None:
    other = {"nn": "viz", "viz": "nn"}[package]
    graph: dict[str, set[str]] = {}
    for path in FILES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] != package:
            continue
        used = {module for module, _ in imports(path)}
        assert not any(module.split(".")[0] == other for module in used), path
        graph[".".join(parts)] = {m for m in used if m.split(".")[0] == package}
    while free := [m for m, used in graph.items() if not used & set(graph)]:
        for module in free:
            del graph[module]
    assert graph == {}


def test_the_core_knows_neither_networks_nor_pictures() -> None:
    for path in FILES:
        if path.parts[len(ROOT.parts)] == "autograd_core":
            assert not {m.split(".")[0] for m, _ in imports(path)} & {"nn", "viz"}, path


@pytest.mark.parametrize("package", PACKAGES)
def test_what_comes_from_elsewhere(package: str) -> None:
    found: dict[str, set[str]] = {}
    for path in FILES:
        if path.relative_to(ROOT).parts[0] == package:
            for module, _ in imports(path):
                top = module.split(".")[0]
                if top not in sys.stdlib_module_names and top not in PACKAGES:
                    found.setdefault(top, set()).add(path.stem)
    assert set(found) <= THIRD_PARTY[package]
    if package == "autograd_core":
        assert found == {"numpy": USE_NUMPY}


def test_modules_that_are_loaded_by_name() -> None:
    """`op` loads the array carrier when it first meets one, `engines` what may not be built."""
    found = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (ast.Name, ast.Attribute)):
                name = node.id if isinstance(node, ast.Name) else node.attr
                if name in ("import_module", "__import__", "exec", "eval"):
                    found.add((path.parent.name, path.stem))
    by_name = ("op", "engines", "__init__")
    assert found <= {("autograd_core", module) for module in by_name}


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_other_packages_use_only_public_names(package: str) -> None:
    """From autograd_core: names of a module's `__all__` or of the package's, or a whole module."""
    public = set(importlib.import_module("autograd_core").__all__)
    for path in FILES:
        if path.relative_to(ROOT).parts[0] != package:
            continue
        for module, name in imports(path):
            if module.split(".")[0] == "autograd_core" and name:
                offered = importlib.import_module(module).__all__
                assert name in offered or name in public, f"{path.name}: {module}.{name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_file(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no docstring"
    assert len(text.splitlines()) <= LONGEST_FILE
    targets = {
        target.id
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    assert "__all__" in targets, "no __all__"
    assert not any(isinstance(n, ast.Global) for n in ast.walk(tree)) or path.stem == "modes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_is_public_exists(path: Path) -> None:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(dotted)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert hasattr(module, name), name


def python(code: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return result.stdout


def test_numpy_is_loaded_only_by_who_uses_it() -> None:
    loaded = python(
        "import sys, autograd_core as ac\n"
        "x = ac.Value(2.0, 'x'); y = ac.tanh(x*x - 3.0); y.backward(); ac.trace(y)\n"
        "ac.Worksheet.parse('L = 2*x', {'x': 1.0}); ac.check_gradients(lambda v: v*v, 2.0)\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('numpy', 'viz', 'nn', 'graphviz')])\n"
    )
    assert loaded == "[]\n"


def test_a_star_import_leaves_pythons_own_names() -> None:
    namespace: dict[str, object] = {}
    exec("from autograd_core import *", namespace)
    del namespace["__builtins__"]
    assert [name for name in namespace if hasattr(builtins, name)] == []
    assert {"Value", "tanh", "trace", "Worksheet"} <= set(namespace)


def test_modules_never_share_a_name_with_a_public_function() -> None:
    package = importlib.import_module("autograd_core")
    for module in CORE:
        if module in package.__all__:  # the module itself may be public
            assert isinstance(getattr(package, module), ModuleType), module
