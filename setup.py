"""The engine in C. It is optional: without a compiler the package installs and runs in Python."""

import sys
import sysconfig
from glob import glob

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# No contraction: a·b + c rounded once would differ from what Python computes.
FLAGS = {
    "msvc": ["/std:c11", "/O2", "/fp:precise", "/utf-8"],
    "unix": ["-std=c11", "-O3", "-ffp-contract=off", "-fno-strict-aliasing"],
}
if sys.platform == "linux":  # together 5 % faster; two fields in one store delay the next read
    FLAGS["unix"] += ["-fno-plt", "-falign-functions=64", "-falign-loops=32"]
    FLAGS["unix"] += ["-fno-tree-slp-vectorize"]


class Build(build_ext):
    """The extension with the flags of the compiler that is there."""

    def build_extension(self, extension):
        extension.extra_compile_args = FLAGS.get(self.compiler.compiler_type, [])
        super().build_extension(extension)


engine = Extension(
    "autograd_core._native.engine",
    ["autograd_core/_native/engine.c"],
    depends=glob("autograd_core/_native/*.h"),
    py_limited_api=True,  # one file for 3.11 and every later version
    optional=True,
)
# The limited API knows neither free-threaded Python nor other implementations.
possible = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")

setup(
    ext_modules=[engine] if possible else [],
    cmdclass={"build_ext": Build},
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if possible else {},
)
