"""The command line in a process of its own, with bounded time and memory.

Most of what a short command costs is importing the packages. So one process imports them and forks
for each command: the child has its own arguments, streams, limits and end. A command with an
environment of its own, and every command where there is no Linux, starts Python from scratch.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

__all__ = ["PROGRAM", "ROOT", "SECONDS", "Finished", "run"]

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-c", "import sys; from viz.cli import main; sys.exit(main())"]
MEMORY = 1 << 30  # bytes of address space
SECONDS = 20
LINUX = sys.platform.startswith("linux")

Finished = subprocess.CompletedProcess[bytes]


def run(*arguments: str | bytes, input: bytes = b"", env: dict[str, str] | None = None) -> Finished:
    """The command's status and output; with `env`, even if empty, in a Python of its own."""
    if LINUX and env is None:
        return _forked([os.fsencode(argument) for argument in arguments], input)
    return subprocess.run(
        [*PROGRAM, *arguments], input=input, capture_output=True, timeout=SECONDS,
        preexec_fn=_limit_memory if LINUX else None, env=_environment(env or {}), cwd=ROOT,
        check=False,
    )  # fmt: skip


def _environment(changed: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "", **changed}


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


# --- forks of one process ---------------------------------------------------------------------


def _forked(arguments: list[bytes], input: bytes) -> Finished:
    command = [b"autograd-core", *arguments]
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
        given.write(input)
        given.seek(0)
        streams = [file.fileno() for file in (given, output, errors)]
        socket.send_fds(_server(), [b"\0".join(command)], streams)
        status = int(_server().recv(20))
        output.seek(0)
        errors.seek(0)
        return Finished(command, status, output.read(), errors.read())


@cache
def _server() -> socket.socket:
    """A connection to a process that runs `serve`, and ends as the connection is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = f"from tests.support.command_line import serve; serve({theirs.fileno()})"
    process = subprocess.Popen(
        [sys.executable, "-c", program], pass_fds=[theirs.fileno()], cwd=ROOT,
        # to fork is safe with one thread; NumPy's linear algebra would start others
        env=_environment({"OPENBLAS_NUM_THREADS": "1"}),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    theirs.close()
    atexit.register(process.wait)
    atexit.register(ours.close)  # the last registered comes first
    return ours


def serve(connection: int) -> None:
    """Run every command that comes in with its three streams, and send its status back."""
    from viz.cli import main

    requests = socket.socket(fileno=connection)
    while True:
        command, streams, _, _ = socket.recv_fds(requests, 1 << 20, 3)
        if not command:
            return
        child = os.fork()
        if not child:
            break
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())
    requests.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    _limit_memory()
    signal.alarm(SECONDS)
    sys.argv = [os.fsdecode(word) for word in command.split(b"\0")]
    sys.exit(main())
