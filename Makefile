# make demo    real pictures of every kind, refined; a report for each
# make test    the tests
# make check   formatting, lint, types, layers
# make setup   what the others need (they run it themselves)

PYTHON := .venv/bin/python
DEMO_OUT := demo-out
DEMO_PICTURES := \
	examples/pictures/chart/two_lines.png \
	examples/pictures/table/readable_types.png \
	examples/pictures/svg/telescope.png \
	examples/pictures/svg/cable_car.png \
	examples/pictures/page/pricing.png

.PHONY: setup demo test check

setup:
	@scripts/bootstrap

demo: setup
	.venv/bin/lookalike refine $(DEMO_PICTURES) -o $(DEMO_OUT)
	@echo "Open $(DEMO_OUT)/index.html in a browser."

test: setup
	$(PYTHON) -m pytest

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
