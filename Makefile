# Every target sets up what it needs by itself; see setup/prepare.sh.
.PHONY: help demo run test check format simulate fuzz bench bench-sync screenshots lock clean
BIN := .venv/bin

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

demo: window-ready  ## the main job end to end in ./demo; then the window, where there is a screen
	@$(BIN)/linli demo --home ./demo $(ARGS)
	@[ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] || LINLI_PASSPHRASE=linli-demo $(BIN)/linli-window --home ./demo/desk-1

run: window-ready  ## open the window (ARGS="--home DIR" for another folder)
	@$(BIN)/linli-window $(ARGS)

test: test-ready check  ## set up, then everything that `make check` does; CI runs this

check:  ## format, lint, types, import contracts, tests (in a prepared tree)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -v -n 3 $(ARGS)

format:  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: bench-ready  ## every benchmark: each prints a ratio against a peer or a limit; fails when one misses its goal
	@missed=; for bench in benchmarks/bench_*.py; do \
		echo "== $$bench"; $(BIN)/python "$$bench" || missed="$$missed $$bench"; done; \
	[ -z "$$missed" ] || { echo "missed:$$missed"; exit 1; }

simulate: SEEDS ?= 10000
simulate: window-ready  ## SEEDS=10000 small worlds full of faults: sync may lose nothing
	@$(BIN)/python -m tests.sync.simulate $(SEEDS) $(ARGS)

fuzz: MESSAGES ?= 100000
fuzz: test-ready  ## MESSAGES=100000 requests and answers with something wrong with them: each ends in words
	@$(BIN)/python -m tests.fuzz $(MESSAGES) $(ARGS)

bench-sync: window-ready  ## sync beside Anki, PouchDB and the floor, and what each does when something goes wrong
	@benchmarks/sync/prepare_peers.sh
	@$(BIN)/python benchmarks/sync/run.py $(ARGS)

screenshots: export LINLI_PASSPHRASE = linli-demo
screenshots: export QT_QPA_PLATFORM = offscreen
screenshots: test-ready  ## every page at 1366x768 and every paper, for the README and the guide, into docs/pictures
	@rm -rf build/pictures && $(BIN)/linli demo --home build/pictures
	$(BIN)/python -m ui.screenshots docs/pictures --home build/pictures/desk-1 --look light
	$(BIN)/python setup/picture_papers.py build/pictures/desk-1 docs/pictures/papers
	$(BIN)/python setup/shrink_pictures.py docs/pictures

lock:  ## write requirements/lock.txt anew from pyproject.toml (hashes, no index in it)
	$(BIN)/pip-compile --quiet --generate-hashes --all-extras --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements/lock.txt pyproject.toml

clean:  ## remove what was built and made, not your data
	rm -rf .venv build dist demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: window-ready test-ready bench-ready
window-ready test-ready bench-ready: %-ready:
	@setup/prepare.sh $*
