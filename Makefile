# Every target does its own set-up; a second call finds it done.
# PYTHON chooses the interpreter that .venv is made with (3.11 or newer).

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test test-rust test-python lint lint-rust lint-python bench build fakexr lrs clean

PYTHON ?= python3
OUT ?= out/demo
BIN := .venv/bin
DONE := .venv/done

# Whatever environment is active: everything is built for and installed into this one.
export PYO3_PYTHON := $(CURDIR)/.venv/bin/python
export VIRTUAL_ENV := $(CURDIR)/.venv
unexport CONDA_PREFIX
export PYTHON
export PIP_QUIET := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

NATIVE_SOURCES := Cargo.toml Cargo.lock $(shell find crates -name Cargo.toml -o -path '*/src/*.rs' \
	! -path '*/fakexr/*')
FAKEXR_SOURCES := Cargo.toml Cargo.lock $(shell find crates/fakexr -type f)

# A person plays where there is a screen; elsewhere the careful trainee does, faster than real time.
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
PLAY := --view window
else
PLAY := --trainee careful --view none --speed max
endif

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(DONE)/build $(DONE)/gl ## play the default procedure and write its report (in a window where there is a screen)
	$(BIN)/surgisim run liver_palpation $(PLAY) --out $(OUT)

test: test-rust test-python ## all tests

test-rust: $(DONE)/venv
	cargo test --workspace

test-python: $(DONE)/build $(DONE)/fakexr $(DONE)/lrs $(DONE)/gl $(DONE)/postgresql
	$(BIN)/python -m pytest -n 2 -p no:benchmark

lint: lint-rust lint-python ## formatting, clippy, ruff, types, and the stub against the native module

lint-rust: $(DONE)/venv
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

lint-python: $(DONE)/build
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest --mypy-config-file pyproject.toml surgisim._core

bench: $(DONE)/build ## measure this machine: the numbers of the README
	$(BIN)/surgisim bench $(ARGS)

fakexr: $(DONE)/fakexr ## the headset made of numbers, for tests of OpenXR applications

lrs: $(DONE)/lrs ## a learning record store for the tests of xAPI

build: $(DONE)/build ## set up .venv and build the native module in release mode

clean: ## remove all that was built
	rm -rf .venv target out

$(DONE)/venv:
	@.ci/need python
	@.ci/need cargo
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@mkdir -p $(DONE) && touch $@

$(DONE)/build: $(DONE)/venv pyproject.toml $(NATIVE_SOURCES)
	$(BIN)/python -m pip install \
		$$($(BIN)/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])')
	$(BIN)/maturin develop --release --extras dev
	@touch $@

$(DONE)/fakexr: $(DONE)/venv $(FAKEXR_SOURCES)
	cargo build --release -p fakexr
	@touch $@

# A learning record store that the tests talk to, in an environment of its own: nothing of it ships.
$(DONE)/lrs: $(DONE)/venv
	$(PYTHON) -m venv .venv/lrs
	.venv/lrs/bin/python -m pip install "ralph-malph[cli,lrs]>=5.1,<6" requests
	@touch $@

$(DONE)/gl $(DONE)/postgresql: $(DONE)/%: $(DONE)/venv
	@.ci/need $*
	@touch $@
