# demo: the line on a simulated company (PAIR=salesforce-marketo, salesforce-hubspot or hubspot). demo-api: the same by
# its vendors' APIs. test: everything that must hold. proof: what takes too long for every test, on many companies (an
# hour). dev: Dagster, ready to materialise the same company. bench: what the line costs.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
BIN := .venv/bin
INSTALLED := .venv/installed
PAIR ?= salesforce-marketo
ROOT := $(or $(ONEFUNNEL_DATA),data)
DATA := $(ROOT)$(if $(filter-out salesforce-marketo,$(PAIR)),/$(PAIR))
SAMPLE := $(DATA)/sample/$(PAIR)
PIP := PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip --disable-pip-version-check
PYTHONS := python3.11 python3.12 python3.13 python3 python
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

export ONEFUNNEL_DATA := $(abspath $(DATA))
export DAGSTER_HOME := $(abspath $(DATA))/dagster
export DO_NOT_TRACK := 1

.PHONY: demo demo-api test proof lint dev lock install bench

demo: export ONEFUNNEL_SOURCES := $(abspath $(SAMPLE))/sources.yml
demo: export ONEFUNNEL_AGREEMENT := $(CURDIR)/dbt_project/agreement/examples/$(PAIR)
demo: $(INSTALLED) $(SAMPLE)/sources.yml
	@$(BIN)/onefunnel run --if-changed || [ $$? -eq 3 ]  # 3: a report is held, which a demo may show

# The same company by its vendors' APIs, for which local stand-ins answer; fails unless the same is published.
demo-api: export ONEFUNNEL_AGREEMENT := $(CURDIR)/dbt_project/agreement/examples/$(PAIR)
demo-api: demo
	@PYTHONPATH=tests $(BIN)/python -m stand_ins.demo $(SAMPLE) $(DATA)

test: lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

# Every cause against the truth, effects recomputed, metamorphoses, balances: prints its figures.
proof: $(INSTALLED)
	$(BIN)/python -m pytest tests/proofs tests/daemon -n 2 --dist worksteal

lint: export ONEFUNNEL_DATA := $(abspath $(DATA))/lint
lint: export DBT_TARGET_PATH := $(abspath $(DATA))/lint
lint: export DBT_LOG_PATH := $(abspath $(DATA))/lint
lint: $(INSTALLED)
	@mkdir -p $(DATA)/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd dbt_project && DBT_PROFILES_DIR=. ../$(BIN)/dbt --quiet parse --no-partial-parse
	$(BIN)/sqlfluff lint dbt_project/models

dev: export ONEFUNNEL_SOURCES ?= $(abspath $(SAMPLE))/sources.yml
dev: export ONEFUNNEL_AGREEMENT ?= $(CURDIR)/dbt_project/agreement/examples/$(PAIR)
dev: $(INSTALLED) $(SAMPLE)/sources.yml $(DAGSTER_HOME)/dagster.yaml
	$(BIN)/dagster dev -m orchestration.definitions

install: $(INSTALLED)

$(SAMPLE)/sources.yml: | $(INSTALLED)
	@rm -rf $(SAMPLE) $(SAMPLE).new
	@$(BIN)/onefunnel world --people 600 --seed 1 --pair $(PAIR) --out $(SAMPLE).new
	@mv $(SAMPLE).new $(SAMPLE)

$(DAGSTER_HOME)/dagster.yaml: orchestration/dagster.yaml
	@mkdir -p $(@D) && cp $< $@

$(INSTALLED): requirements.lock pyproject.toml
	@for python in $(PYTHONS); do $$python -c '$(SUPPORTED)' 2>/dev/null && found=$$python && break; done; \
	if [ -z "$$found" ]; then echo "OneFunnel needs Python 3.11, 3.12 or 3.13; none of $(PYTHONS) is one." >&2; exit 1; fi; \
	if [ ! -x $(BIN)/python ]; then \
		echo "Creating .venv with $$found …"; \
		$$found -m venv .venv 2>/dev/null || \
			{ $$found -m venv --clear --without-pip .venv && $$found -m pip --quiet --python $(BIN)/python install pip; }; \
	fi
	@echo "Installing the locked dependencies (a minute or two, once) …"
	@$(PIP) install --progress-bar off -r requirements.lock 2> >(grep -v '^WARNING' >&2) | awk \
		'/^Collecting/ {printf "\r  %d packages", ++n} /^Installing/ {printf "\n  unpacking …\n"} {fflush()}'
	@$(PIP) install --quiet --no-deps -e . 2> >(grep -v '^WARNING' >&2)
	@touch $@

lock:
	rm -rf $(DATA)/lock && python3 -m venv $(DATA)/lock
	$(DATA)/lock/bin/pip --quiet install --upgrade pip
	$(DATA)/lock/bin/pip --quiet install --group dev -e .
	$(DATA)/lock/bin/pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' > requirements.lock
	rm -rf $(DATA)/lock

# What the line costs at several sizes, beside the same marts written by hand.
bench: PEOPLE ?= 10000 100000 1000000
bench: FAULTS ?= sample
bench: $(INSTALLED)
	@$(BIN)/python tests/benchmarks/bench.py $(PAIR) $(FAULTS) $(PEOPLE)
