# `make run` and `make test` are all that is needed; each installs what it needs on first use.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test faults mutants torture check bench bench-quick format clean
.DEFAULT_GOAL := run

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.sandbox: requirements-sandbox.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements-sandbox.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet -r requirements-bench.txt
	@touch $@

run: $(VENV)/.runtime  ## start the bot, or the sandbox if there is no DISCORD_TOKEN
	@if [ -z "$$DISCORD_TOKEN" ] && ! grep -qs '^DISCORD_TOKEN=.' .env; then \
		$(MAKE) --no-print-directory $(VENV)/.sandbox; \
	fi
	@exec $(BIN)/python bot.py

test: $(VENV)/.dev  ## run all tests, and print the branch coverage in the last lines
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=

faults: $(VENV)/.dev  ## print each fault of tests/fault_rows.toml with the result of its tests
	$(BIN)/python -m pytest -n 2 -q -m row --faults

mutants: $(VENV)/.dev  ## change one line of critical code at a time, and see that a test fails
	$(BIN)/python -m tests.mutants

torture: $(VENV)/.dev  ## kill, fail and fuzz Wetread for half an hour; ROUNDS=3 takes less
	$(BIN)/python -m tests.torture

check: $(VENV)/.dev  ## check rules, format and types, as CI does before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

format: $(VENV)/.dev  ## correct the format and what can be corrected of the rules
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## measure speed and memory beside other programs; KEEP=1 writes docs/performance.md
	$(BIN)/python -m benchmarks $(if $(KEEP),--keep)

bench-quick: $(VENV)/.bench  ## count statements, steps and bytes, and fail if a count grew by a tenth
	$(BIN)/python -m benchmarks.guard

clean:  ## delete the virtual environment
	rm -rf $(VENV)
