# make demo    real pictures of every kind, refined; a report for each
# make test    the tests
# make check   formatting, lint, types, layers
# make setup   what the others need (they run it themselves)

PYTHON := .venv/bin/python
DEMO_OUT := demo-out
DEMO_PICTURES := \
	examples/pictures/chart/grouped_bars.png \
	examples/pictures/table/virtual_hosts.png \
	examples/pictures/svg/cable_car.png \
	examples/pictures/page/pricing.png

.PHONY: setup demo test check

setup:
	@scripts/bootstrap

demo: setup
	.venv/bin/lookalike refine $(DEMO_PICTURES) -o $(DEMO_OUT)
	@echo
	@echo "Open one of these in a browser:"
	@ls $(DEMO_OUT)/*/report.html

test: setup
	$(PYTHON) -m pytest

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
