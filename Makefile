# Fuhai (福海). Needs git, make and Python 3.11-3.13; everything else is installed into .venv, with pinned hashes.
.DEFAULT_GOAL := help
.PHONY: help run test test-long interop lint format lock reset clean

BIN := .venv/bin
RUN_READY := sh tools/environment run
DEV_READY := sh tools/environment dev
PYTEST := $(BIN)/python -m pytest
COMPILE := $(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

help: ## Show these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: ## Start everything on this machine: database, store, sandbox city, worker, server
	@$(RUN_READY) && exec $(BIN)/fuhai serve --everything

test: ## Run the tests (about seven minutes on two quick cores)
	@$(DEV_READY) && $(PYTEST) -n 2 $(ARGS)

test-long: ## Run soaks and kill tests at full length
	@$(DEV_READY) && $(PYTEST) -m long $(ARGS)

interop: ## Check against outside programs (openssl and others); says by name what is missing
	@$(DEV_READY) && $(PYTEST) -m interop -rs $(ARGS)

lint: ## Run the linters, the type checker and the layer contract
	@$(DEV_READY) && $(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports

format: ## Format the code
	@$(DEV_READY) && $(BIN)/ruff format && $(BIN)/ruff check --fix

lock: ## Pin what the requirements*.in files ask for (UPGRADE=1 takes the newest of everything)
	@$(DEV_READY)
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-uv.in -o requirements-uv.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt

reset: ## Delete all data (the folder var) and start over
	@sh tools/environment reset

clean: ## Delete .venv and caches; data stay
	rm -rf .venv .venv.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
