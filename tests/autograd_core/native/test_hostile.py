"""What Python code can do to the engine in C while it works, or hand to it: each was a bug once."""

from __future__ import annotations

import gc
import sys
import threading
from functools import partial
from typing import Any

import pytest

import autograd_core as ac
from autograd_core import DomainError, Op, Value, detect_anomaly, scope
from autograd_core.label import Label
from autograd_core.op import run
from tests.support.native_engine import assert_nothing_leaks, needs_native, nodes

pytestmark = needs_native


class Ending(str):
    """A name that calls a function when it is dropped."""

    __slots__ = ("end",)

    def __del__(self) -> None:
        self.end()


def ending(text: str, end: Any) -> Ending:
    name = Ending(text)
    name.end = end
    return name


class Weight(Value):
    """A subclass, whose instances have attributes."""


# --- operands and results ------------------------------------------------------------------------


def test_a_tuple_is_no_name() -> None:
    with pytest.raises(TypeError, match="a name is a string"):
        Value(1.0, ("x",))


def test_a_row_is_not_asked_about_another_number_of_operands() -> None:
    """Its rule in C reads and writes as many places as it has operands."""
    for op, operands in [(ac.where, 1), (ac.where, 2), (ac.mul, 1), (ac.tanh, 2)]:
        with pytest.raises(TypeError, match="argument"):
            run(op, (Value(1.0),) * operands)


@pytest.mark.parametrize("name", ["where", "mul", "tanh", "dot", "max"])
def test_a_state_with_another_number_of_operands_is_not_computed(name: str) -> None:
    op = ac.TABLE[name]
    for count in range(1, 7):
        node = Value._blank(count)
        node.__setstate__((1.0, 0.0, op, (2.0,) * count, (0.0,) * count, None, None))
        right = count in {"where": [3], "mul": [2], "tanh": [1], "dot": [1, 3, 5]}.get(
            name, range(7)
        )
        if right:
            assert len(node.partials) == count
        else:
            with pytest.raises((TypeError, ValueError)):
                node.partials  # noqa: B018


@pytest.mark.parametrize("wrong", ["1.5", b"1", None, 1j, [1.0], Value(1.0)])
def test_a_rule_that_returns_no_number_is_refused(wrong: Any) -> None:
    x = Value(2.0)
    for op in (
        Op("wrong", lambda x: wrong, lambda x, y: (1.0,)),
        Op("wrong", lambda x: x, lambda x, y: (wrong,)),
    ):
        with pytest.raises(TypeError):
            op(x)


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["state", "init", "init in a scope", "assignment"])
def test_a_label_that_goes_sees_the_next_one(how: str) -> None:
    seen: list[Any] = []
    leaf = Value(1.0)
    leaf.named(ending("old", lambda: seen.append(leaf.label)))
    if how == "state":
        leaf.__setstate__((2.0, 0.0, None, (), (), Label("new"), None))
    elif how == "init":
        leaf.__init__(2.0)
    elif how == "init in a scope":
        with scope("hidden"):
            leaf.__init__(2.0)
    else:
        leaf.label = None
    assert seen == [leaf.label]


def test_a_label_made_while_the_old_one_goes_is_not_lost() -> None:
    def again() -> None:
        leaf = Value(1.0)
        leaf.named(ending("old", lambda: leaf.named("made meanwhile")))
        leaf.__init__(2.0)
        assert leaf.name == "made meanwhile"

    again()
    assert_nothing_leaks(again)


def test_a_label_that_is_made_twice_is_kept_once() -> None:
    """Making it runs Python code, and another thread may look at the node then."""
    plain = Label.__init__
    node: Any = None
    labels: list[Any] = []

    def init(self: Label, *arguments: Any) -> None:
        Label.__init__ = plain
        labels.append(node.label)
        plain(self, *arguments)

    def again() -> None:
        nonlocal node
        labels.clear()
        with scope("s"):
            node = Value(1.0) * 2.0
        Label.__init__ = init
        assert node.label is labels[0]
        assert node.scope == ("s",)

    try:
        again()
        assert_nothing_leaks(again)
    finally:
        Label.__init__ = plain


def test_threads_that_look_at_one_node_see_one_label() -> None:
    for _ in range(200):
        with scope("s"):
            node = Value(1.0) * 2.0
        seen: list[Any] = []
        threads = [threading.Thread(target=lambda: seen.append(node.label)) for _ in range(3)]  # noqa: B023
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {id(label) for label in seen} == {id(node.label)}


def test_an_error_in_a_label_is_raised_where_the_scope_ends_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    block = scope("s")

    def init(self: Label, *arguments: Any) -> None:
        block.__exit__()
        raise KeyError("label")

    with block, monkeypatch.context() as patch:
        patch.setattr(Label, "__init__", init)
        with pytest.raises(KeyError, match="label"):
            Value(1.0).label  # noqa: B018


# --- states --------------------------------------------------------------------------------------


class Disturbing:
    """A number that does something before it tells itself."""

    def __init__(self, number: float, first: Any) -> None:
        self.number, self.first = number, first

    def __float__(self) -> float:
        self.first()
        return self.number


def state(op: Any, operands: tuple[Any, ...], partials: tuple[Any, ...]) -> tuple[Any, ...]:
    return 1.0, 0.0, op, operands, partials, None, None


def test_a_node_that_becomes_a_leaf_while_it_reads_its_state_stays_one() -> None:
    def again() -> None:
        node = Value._blank(1)
        disturbing = Disturbing(1.0, lambda: node.__init__(5.0))
        with pytest.raises(ValueError, match="another node"):
            node.__setstate__(state(own, (x,), (disturbing,)))
        assert (node.data, node.operands, node.op) == (5.0, (), None)
        node.backward()
        assert node.grad == 1.0

    x, own = Value(2.0), Op("own", lambda x: x, lambda x, y: (1.0,))
    again()
    assert_nothing_leaks(again, x, own)


def test_a_state_read_within_itself_counts_once() -> None:
    def again() -> None:
        node = Value._blank(1)
        inner = state(own, (x,), (3.0,))
        disturbing = Disturbing(1.0, lambda: node.__setstate__(inner))
        with pytest.raises(ValueError, match="another node"):
            node.__setstate__(state(ac.tanh, (x,), (disturbing,)))
        assert (node.op, node.partials) == (own, (3.0,))

    x, own = Value(2.0), Op("own", lambda x: x, lambda x, y: (1.0,))
    again()
    assert_nothing_leaks(again, x, own)


def test_no_state_makes_a_loop() -> None:
    """A sweep round it would have no end."""
    first = Value._blank(1)
    second = first * 2.0
    with pytest.raises(ValueError, match="another node"):
        first.__setstate__(state(ac.tanh, (second,), (1.0,)))
    with pytest.raises(TypeError, match="other Values"):
        first.__setstate__(state(ac.tanh, (first,), (1.0,)))
    second.backward()
    assert second.grad == 1.0


def test_a_state_is_that_of_the_class() -> None:
    leaf = Weight(1.0)
    for own in [(1,), "ab", {1, 2}]:
        with pytest.raises((TypeError, ValueError)):
            leaf.__setstate__((1.0, 0.0, None, (), (), None, own))
    with pytest.raises(TypeError, match="Label"):
        leaf.__setstate__((1.0, 0.0, None, (), (), "label", None))
    leaf.__setstate__((1.0, 0.0, None, (), (), None, [("unit", "m")]))
    assert leaf.unit == "m"


def test_a_blank_node_has_partials_of_zero() -> None:
    """Not what memory held before."""
    for count in range(1, 40):
        assert Value._blank(count).partials == (0.0,) * count


# --- nodes that become leaves while they are looked at -------------------------------------------


def test_a_rule_may_make_a_leaf_of_the_node_that_asks_it() -> None:
    def again() -> None:
        asked: list[Value] = []

        def partials(a: float, b: float, y: float) -> tuple[float, ...]:
            for node in asked:
                node.__init__(7.0)
            return (1.0,) if asked else (1.0, 1.0)

        node = Op("own", lambda a, b: a + b, partials)(Value(1.0), 2.0)
        del partials
        asked.append(node)
        with pytest.raises(ValueError, match=r"<Op own> gives 1 partial derivatives for 2"):
            node.partials  # noqa: B018
        assert (node.data, node.operands) == (7.0, ())
        asked.clear()

    again()
    assert_nothing_leaks(again)


def test_a_rule_that_was_replaced_may_make_a_leaf_of_a_dot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It keeps a constant input in one place for two, and has fewer places than operands."""
    node = ac.dot([Value(float(i)) for i in range(100)], [2.0] * 100)

    def partials(*operands: float) -> tuple[float, ...]:
        node.__init__(7.0)
        return (1.0,) * 201

    monkeypatch.setattr(ac.dot, "partials", partials)
    assert node.partials == ()
    assert (node.data, node.operands) == (7.0, ())


class Cycle:
    """Garbage that calls a function when it is collected."""

    def __init__(self, end: Any) -> None:
        self.end, self.me = end, self

    def __del__(self) -> None:
        self.end()


def sum_of_40(x: Value) -> Value:
    return ac.sum([x] * 40)


def dot_of_40(x: Value) -> Value:
    return ac.dot([x] * 40, [2.0] * 40)


@pytest.mark.parametrize("make", [sum_of_40, dot_of_40])
def test_a_collection_may_make_a_leaf_of_the_node_that_is_read(make: Any) -> None:
    """Where the tuple of operands is made garbage is collected, whose end is Python code."""

    thresholds = gc.get_threshold()
    x = Value(1.0)
    try:
        for _ in range(300):
            node = make(x)  # of more operands than Python keeps tuples ready for
            whole = node.operands
            Cycle(partial(node.__init__, 0.0))
            gc.set_threshold(1)
            operands = node.operands
            gc.set_threshold(*thresholds)
            assert operands in ((), whole)
    finally:
        gc.set_threshold(*thresholds)


def products_with_a_collection(later: int, end: Any, number: float) -> list[Any]:
    """`dot.products`, and `end` called from a collection that comes so many allocations later.

    The tuple of the call's arguments is one that is kept ready, the list of results is not: with 0
    the collection comes where that list is made.
    """
    products, biases = ac.dot.products, [0.0] * 8
    weights, inputs = [[Value(number), Value(number)]] * 8, [[1.0, 1.0]] * 8
    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(100_000)
    try:
        Cycle(end)
        ready = [(1, i, 2) for i in range(30)]
        del ready
        young = [[] for _ in range(200)]
        gc.set_threshold(gc.get_count()[0] + later)
        return products(weights, inputs, biases)
    finally:
        gc.set_threshold(*thresholds)
        gc.collect()
        del young


@pytest.mark.parametrize("later", range(6))
def test_a_collection_may_replace_the_rule_of_products_that_are_begun(
    monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """It may come too late to change anything, from 3.12 on always; else it changes all of them."""
    end = partial(monkeypatch.setattr, ac.dot, "forward", lambda *operands: 42.0)
    found = {y.data for y in products_with_a_collection(later, end, 2.5)}
    assert found == {42.0} or (found == {5.0} and (later > 0 or sys.version_info >= (3, 12)))


@pytest.mark.parametrize("later", range(6))
def test_a_collection_may_watch_for_anomalies_in_products_that_are_begun(later: int) -> None:
    block = detect_anomaly()
    try:
        entries = products_with_a_collection(later, block.__enter__, 1e308)
        assert entries[0].data == float("inf")
    except DomainError:
        pass
    finally:
        block.__exit__()


# --- rows ----------------------------------------------------------------------------------------


def test_a_row_made_by_the_type_of_the_tables_rows_is_freed() -> None:
    def forward(x: float) -> float:
        return x

    def partials(x: float, y: float) -> tuple[float]:
        return (1.0,)

    def again() -> None:
        op = type(ac.tanh)("users", forward, partials)
        assert op(Value(2.0)).op is op

    assert_nothing_leaks(again, forward, partials)


def test_a_row_of_the_table_can_be_told_again_what_it_is() -> None:
    def again() -> None:
        op.__init__("square", forward, partials)
        assert op(Value(3.0)).data == 9.0

    op = ac.TABLE["square"]
    kept = {name: getattr(op, name) for name in type(op).__base__.__slots__}
    forward, partials = op.forward, op.partials
    try:
        again()
        assert_nothing_leaks(again, forward, partials)
    finally:
        for name, attribute in kept.items():
            setattr(op, name, attribute)


# --- memory --------------------------------------------------------------------------------------


def test_forgetting_operands_frees_them() -> None:
    before = nodes()
    y = (Value(1.0) * 2.0 + 3.0).tanh()
    assert nodes() == before + 4
    y.__init__(1.0)
    assert nodes() == before + 1
    del y
    assert nodes() == before
