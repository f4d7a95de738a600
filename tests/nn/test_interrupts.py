"""Ctrl-C and updates: what is held is finished, the rest is interrupted at once."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from nn.interrupts import Interrupts


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def test_held_work_is_finished() -> None:
    done = []

    def work() -> None:
        with Interrupts() as interrupts:
            with interrupts.held():
                ctrl_c()
                ctrl_c()
                done.append("held")
            done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["held"]


def test_elsewhere_it_acts_at_once() -> None:
    done = []

    def work() -> None:
        with Interrupts() as interrupts:
            with interrupts.held():
                done.append("held")
            ctrl_c()
            done.append("after")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["held"]


def test_one_interrupt_is_heard_once() -> None:
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt), interrupts.held():
            ctrl_c()
        with interrupts.held():
            pass


@pytest.mark.parametrize("fails", [False, True])
def test_the_handler_is_put_back(fails: bool) -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) != before
            if fails:
                raise ValueError
    except ValueError:
        pass
    assert signal.getsignal(signal.SIGINT) is before


def test_the_programs_own_handler_is_called() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        with Interrupts() as interrupts, interrupts.held():
            ctrl_c()
            assert heard == []
        assert heard == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_ignored_interrupt_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts, interrupts.held():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            ctrl_c()
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_nothing_is_touched() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[Any] = []

    def work() -> None:
        with Interrupts() as interrupts, interrupts.held():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
