# The commands a person types; CI types the same ones.
#   make run     set everything up and serve the demo, Harbour Practice, on http://localhost:8000 (PORT=… to change)
#   make test    every test: science, records, pages, real-browser journeys, PostgreSQL races
#   make check   lint, types, import contracts, migrations
#   make bench   ours and the peers side by side; BARS=1,2 picks, SIZE=small only shows that it works
#   make recovery  fit 100 simulated practices and see whether the intervals hold (half an hour; PRACTICES=… for more)
#   make languages  collect the pages' sentences into accord/locale, compile the catalogues, say what is not translated
#   make pictures  let the journeys take the pictures of docs/pictures.md again
#   make lock    renew the locked dependencies
#   make clean   forget the environment and the demo's data

PYTHON ?= python3
PORT ?= 8000
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
RUN = .venv/bin
BARS ?= 1-10
SIZE ?= full

.PHONY: run test check bench pictures recovery languages lock clean system

run: .venv/run.stamp
	@$(RUN)/accord demo --port $(PORT)

test: .venv/dev.stamp system
	@$(RUN)/python -m pytest -n 2 --dist worksteal
	@$(RUN)/python tests/with_postgres.py

pictures: .venv/dev.stamp system
	@ACCORD_PICTURES=var/pictures $(RUN)/python -m pytest -q $(foreach each,prep check_in offline languages agreement say_it fit sessions finding intake moving places,tests/journeys/test_$(each).py)
	@$(RUN)/python docs/plots/pictures.py var/pictures

recovery: .venv/dev.stamp
	@$(RUN)/python benchmarks/recovery.py --practices $(or $(PRACTICES),100)
	@$(RUN)/python docs/plots/fitting.py

check: export ACCORD_DEMO = 1
check: export ACCORD_VAR = var/check
check: .venv/dev.stamp
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/bandit -q -r accord -c pyproject.toml -ll -ii
	$(RUN)/accord manage check --fail-level WARNING
	$(RUN)/accord manage makemigrations --check --dry-run

languages: export ACCORD_DEMO = 1
languages: export ACCORD_VAR = var/check
languages: .venv/dev.stamp
	@$(RUN)/accord manage languages

bench: .venv/bench.stamp
	@sh benchmarks/install_lme4.sh
	@$(RUN)/python -m benchmarks --bars $(BARS) --size $(SIZE)

# The environment, from locked and hashed requirements only. Each contains the one before.
.venv/run.stamp: requirements/run.txt pyproject.toml
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@test -e .venv/dev.stamp || { echo "Installing the locked dependencies into .venv (once, about a minute) …"; $(PIP) install --require-hashes -r $<; }
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked dependencies and tools into .venv (once, about two minutes) …"
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/bench.stamp: requirements/bench.txt pyproject.toml
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked dependencies, tools and peers into .venv (once, about three minutes) …"
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# What the browser journeys and the PostgreSQL races need, where this machine lets us install it; the tests say plainly what did not run.
system:
	@sh tests/install_system_packages.sh

lock: .venv/dev.stamp
	$(RUN)/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --extra web --group build -o requirements/run.txt
	$(RUN)/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --extra web --extra plots --group build --group dev -o requirements/dev.txt
	$(RUN)/uv pip compile --quiet $(UPGRADE) --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header pyproject.toml --extra web --extra plots --group build --group dev --group bench -o requirements/bench.txt

clean:
	rm -rf .venv var
