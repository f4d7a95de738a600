# `make demo` and `make test` work on a fresh clone with nothing but Python 3.11 or newer.

VENV   ?= .venv
EXTRAS ?= dev
LATEX  ?= pdflatex
# PYTHON=... names the interpreter; without it, the first of these that can make an environment.
PYTHONS = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
BIN     = $(VENV)/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test examples latex accuracy bench lint sanitize install clean

# $(call install,EXTRAS): the package, editable, in VENV; the engine in C with it, where there is a
# compiler. Done already where the stamp of these extras is newer than what is built and VENV is of
# the PYTHON asked for, if one is.
# A candidate is tried by running it: pyenv puts shims on PATH for versions that are switched off.
define install
@py='$(BIN)/python' stamp='$(VENV)/.installed-$(1)' who='import sys; print(sys.version, sys.base_prefix)'; \
have=$$([ -x '$(BIN)/pip' ] && "$$py" -c "$$who" 2>/dev/null); \
want=$$('$(or $(PYTHON),$(BIN)/python)' -c "$$who" 2>/dev/null); \
if [ -z "$$have" ] || [ "$$have" != "$$want" ]; then \
  made= found= clear= old=; \
  [ ! -e '$(VENV)' ] || old=yes; \
  [ ! -e '$(VENV)/pyvenv.cfg' ] || clear=--clear; \
  for p in $(PYTHONS); do \
    v=$$("$$p" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print("python%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
    found=$${found:-$$v}; \
    "$$p" -c 'import ensurepip, venv' 2>/dev/null && "$$p" -m venv $$clear '$(VENV)' >/dev/null 2>&1 && made=$$v && break; \
    [ "$$old" ] || rm -rf '$(VENV)'; \
  done; \
  if [ -z "$$found" ]; then echo 'No Python 3.11 or newer runs here (tried: $(PYTHONS)); name one: make PYTHON=/path/to/python3.11 ...' >&2; exit 1; fi; \
  if [ -z "$$made" ]; then echo "$$found cannot make the virtual environment $(VENV); on Debian or Ubuntu: apt install $$found-venv (or python3-venv)" >&2; exit 1; fi; \
  echo "$(VENV): $$made"; \
elif [ -e "$$stamp" ] && [ -z "$$(find pyproject.toml setup.py autograd_core/_native/*.[ch] -newer "$$stamp")" ]; then exit 0; \
fi; \
echo 'installing autograd-core$(1:%=[%]) into $(VENV)'; \
"$$py" -m pip install -q --disable-pip-version-check -e '.$(1:%=[%])' && touch "$$stamp"
endef

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile
	@echo '  PYTHON=python3.12   the interpreter     VENV=.venv   the environment'
	@echo '  EXTRAS=dev,oracle   what is installed   ARGS="-k relu"   passed on to pytest or the benchmarks'
	@echo '  EXAMPLE=moons       one example alone   ENGINE=python        the tests on one engine'

demo:  ## a worked solution in the terminal, its graph in build/
	$(call install,)
	@mkdir -p build
	$(BIN)/autograd-core explain 000.toy-elu
	$(BIN)/autograd-core draw 000.toy-elu -o build/toy-elu.svg
	@echo 'The graph is in build/toy-elu.svg'

# On each engine that is there, or on ENGINE alone.
test:  ## the tests, the doctests and the notebooks, on both engines
	$(call install,$(EXTRAS))
	@engines='$(ENGINE)'; \
	[ "$$engines" ] || case $$($(BIN)/python -c 'import autograd_core; print(autograd_core.engine)') in \
	  native) engines='native python' ;; \
	  python) engines=python; echo 'The engine in C is not built: is there a C compiler? The tests run on the reference alone.' >&2 ;; \
	  *) exit 1 ;; \
	esac; \
	for engine in $$engines; do \
	  echo "engine: $$engine"; \
	  AUTOGRAD_CORE_ENGINE=$$engine $(BIN)/python -m pytest --nbmake -n auto $(ARGS) || exit 1; \
	done

examples:  ## trains xor, moons, digits and sines to their marks, pictures in build/examples
	$(call install,$(EXTRAS))
	$(BIN)/python -m examples $(EXAMPLE) $(ARGS)

# Every packaged worksheet: its solution at every depth, one of them with its graph, and the graph by
# itself. No error, and no line over the margin by 5pt or more.
latex:  ## compiles the worksheets' solutions and graphs with LATEX, into build/latex
	$(call install,)
	@command -v $(LATEX) >/dev/null || { echo '$(LATEX) is missing; on Debian or Ubuntu: apt install texlive-latex-base texlive-pictures (texlive-luatex for lualatex)' >&2; exit 1; }
	@mkdir -p build/latex
	@for file in viz/worksheets/*.txt; do for kind in named layer operation graph; do \
	  name=$$(basename "$$file" .txt)-$$kind; echo "$$name"; tex="build/latex/$$name.tex"; \
	  case $$kind in \
	    graph) $(BIN)/autograd-core draw "$$file" -o "$$tex" >build/latex/draw.out ;; \
	    named) $(BIN)/autograd-core explain "$$file" --all --graph -o "$$tex" ;; \
	    *) $(BIN)/autograd-core explain "$$file" --all --depth $$kind -o "$$tex" ;; \
	  esac || exit 1; \
	  (cd build/latex && $(LATEX) -interaction=nonstopmode -halt-on-error "$$name.tex" >"$$name.out") \
	    || { grep -A 5 '^!' "build/latex/$$name.out" >&2; exit 1; }; \
	  awk '/^Overfull .hbox/ { if (substr($$3, 2) + 0 >= 5) { print; wide = 1 } } END { exit wide }' \
	    "build/latex/$$name.log" >&2 || exit 1; \
	done; done

accuracy:  ## every operation against mpmath, kept in docs/accuracy.md
	$(call install,$(EXTRAS))
	$(BIN)/python -m benchmarks.accuracy

bench:  ## speed, side by side
	$(call install,$(EXTRAS))
	$(BIN)/python -m benchmarks $(ARGS)

lint:  ## ruff, and mypy in its strict mode
	$(call install,$(EXTRAS))
	$(BIN)/ruff check .
	$(BIN)/mypy

# Where there are gcc and its libasan and libubsan.
sanitize:  ## the engine in C under sanitizers of memory, leaks and undefined behaviour
	$(call install,$(EXTRAS))
	@.ci/sanitize $(BIN)/python $(ARGS)

install:  ## only the environment, with EXTRAS
	$(call install,$(EXTRAS))

clean:  ## removes what the other targets made
	rm -rf build dist *.egg-info autograd_core/_native/*.so autograd_core/_native/*.pyd .venv .venv-3.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
