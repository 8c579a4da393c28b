# Everything a newcomer needs: `make demo` and `make test` set up what they use. `make` alone lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test check up bench reference fuzz lock clean

help:  ## List what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; found " + sys.version.split()[0])'
	@echo "Setting up $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(READY)  ## Make .venv with exactly the locked packages

demo: $(READY)  ## Replay 2014 to today on the bundled rehearsal and build its site
	@$(BIN)/living-review demo

test: $(READY)  ## Run all tests; what a test misses on this machine it says and skips
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: $(READY)  ## Lint, types, import contracts; runs all and counts the failures
	@failed=0; \
	for tool in "ruff check ." "ruff format --check ." "mypy" "lint-imports --no-cache"; do \
	  echo "== $$tool"; $(BIN)/$$tool || failed=$$((failed + 1)); \
	done; \
	echo "$$failed of 4 checks failed"; test $$failed -eq 0

up: $(READY)  ## Start server, worker, dispatcher, desk and site on this machine
	@$(BIN)/living-review up --review protocols/internet-pain

bench: bench-parsing bench-linking bench-screening bench-pooling bench-replay  ## Measure reading, linking, ranking and pooling beside other tools, and the replay

bench-parsing: $(READY)
	@$(BIN)/python benchmarks/parse_table.py

bench-linking: $(READY)
	@$(BIN)/python benchmarks/linking.py

bench-screening: $(READY)
	@for part in quality cold_start speed; do OMP_NUM_THREADS=1 $(BIN)/python benchmarks/screening/$$part.py || exit 1; done

bench-pooling: $(READY)
	@for part in speed robustness; do OMP_NUM_THREADS=1 $(BIN)/python benchmarks/synthesis/$$part.py || exit 1; done

bench-replay: $(READY)
	@$(BIN)/python benchmarks/replay_stages.py

reference: $(READY)  ## Write R's reference results and the page of agreement anew; says so where R is missing
	@Rscript -e 'library(metafor); library(jsonlite)' >/dev/null 2>&1 || \
	  { echo "Needs R with metafor and jsonlite; on Debian: apt-get install r-cran-metafor r-cran-jsonlite"; exit 1; }
	@Rscript validation/reference/generate.R
	@OMP_NUM_THREADS=1 $(BIN)/python validation/agreement.py --write

fuzz: $(READY)  ## Feed strategy and readers for FUZZ_SECONDS each (60); says so where atheris is missing
	@for target in fuzz/fuzz_*.py; do PYTHONPATH=. $(BIN)/python $$target || exit 1; done

lock: $(READY)  ## Write requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev -o requirements.lock pyproject.toml

clean:  ## Remove what was made, but not var/
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
