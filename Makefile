# Two commands do everything: `make run` and `make test`. Each sets up what it needs, once.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test faults torture check bench format clean
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

run: $(VENV)/.runtime  ## start the bot; without DISCORD_TOKEN the sandbox
	@if [ -z "$$DISCORD_TOKEN" ] && ! grep -qs '^DISCORD_TOKEN=.' .env; then \
		$(MAKE) --no-print-directory $(VENV)/.sandbox; \
	fi
	@exec $(BIN)/python bot.py

test: $(VENV)/.dev  ## all tests
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=

faults: $(VENV)/.dev  ## the table of all faults, and what proves each
	$(BIN)/python -m pytest -n 2 -q -m row --faults

torture: $(VENV)/.dev  ## kill -9, failing operations and fuzzing for half an hour; ROUNDS=3 is shorter
	$(BIN)/python -m tests.torture

check: $(VENV)/.dev  ## what CI runs before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## speed and memory, beside peers and floors
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV)
