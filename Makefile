# The developer's commands are CI's commands. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test fuzz chaos soak bench run install install-postgres check format lock clean

help:
	@echo "make demo   digest a page of examples/, no key needed"
	@echo "make test   run the tests"
	@echo "make bench  measure: tokens, waiting, memory, quality; what needs data that is not here is left out"
	@echo "make chaos  kill the bot a hundred times at random instants; nobody may be left without an answer"
	@echo "make soak   forty days of ten thousand requests: does memory or the database grow?"
	@echo "make fuzz   random input for everything that reads, for a good while"
	@echo "make run    start the Discord bot (needs DISCORD_TOKEN)"
	@echo "make check  linters and types"
	@echo "make install-postgres   what PostgreSQL needs besides"

$(VENV)/installed: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Chorus needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install-postgres: $(VENV)/installed requirements-postgres.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-postgres.txt

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

install: $(VENV)/installed

demo: $(VENV)/installed
	@$(BIN)/python -m bot digest examples/bike-lane.html --engine extractive

run: $(VENV)/installed
	@$(BIN)/python -m bot run

# On every core there is; `.venv/bin/python -m pytest tests/core` runs some, in one process.
test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal

chaos: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.chaos

soak: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks.soak

# Every package of benchmarks/ that can be run; each leaves out what it has no data for. Writes benchmarks/RESULTS.md.
bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Pins every package by hash; the files name no registry, so any mirror will do. Needs `uv` on the PATH.
PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock:
	$(PIN) pyproject.toml requirements-build.in -o requirements.txt
	$(PIN) requirements-postgres.in -c requirements.txt -o requirements-postgres.txt
	$(PIN) pyproject.toml requirements-build.in requirements-postgres.in requirements-dev.in -c requirements.txt -c requirements-postgres.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
