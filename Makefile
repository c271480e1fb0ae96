# make demo    real pictures of every kind, refined; a report for each
# make test    the tests
# make test-vllm  against the real vLLM, which it installs in an environment of its own (2.5 GB)
# make test-ray  batches on a Ray cluster of this machine, which it installs first (240 MB)
# make test-trainers  the reward through veRL's and TRL's own code, in an environment of their own (6 GB)
# make test-inspector  the MCP server before the reference inspector, which npx fetches (110 MB)
# make check   formatting, lint, types, layers
# make docs    the documentation as a site, in site/
# make setup   what the others need (they run it themselves); LANGS="rus ara" adds Tesseract's language packs

PYTHON := .venv/bin/python
DEMO_OUT := demo-out
DEMO_PICTURES := \
	examples/pictures/chart/two_lines.png \
	examples/pictures/table/readable_types.png \
	examples/pictures/svg/telescope.png \
	examples/pictures/svg/cable_car.png \
	examples/pictures/page/pricing.png

# what was compiled is kept: each worker of the tests would otherwise compile its plugins anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-vllm test-ray test-trainers test-inspector test-kills check docs

setup:
	@scripts/bootstrap

demo: setup
	.venv/bin/lookalike refine $(DEMO_PICTURES) -o $(DEMO_OUT)
	@echo "Open $(DEMO_OUT)/index.html in a browser."

test: setup
	$(PYTHON) -m pytest -n auto --dist worksteal

test-vllm: setup
	LOOKALIKE_TEST_VLLM=1 $(PYTHON) -m pytest tests/vllm -s

test-ray: setup
	$(PYTHON) -m pip install -q --disable-pip-version-check 'ray[data,serve]>=2.60,<3'
	$(PYTHON) -m pytest tests/integration/test_batch_ray.py tests/unit/test_deploy.py

test-trainers: setup
	$(PYTHON) -m venv .venv-trainers
	.venv-trainers/bin/pip install -q --disable-pip-version-check 'verl==0.9.1' 'trl==1.16.0' pytest pytest-timeout anyio hypothesis .
	LOOKALIKE_TEST_TRAINERS=1 .venv-trainers/bin/python -m pytest tests/trainers -p no:cacheprovider

test-inspector: setup
	LOOKALIKE_TEST_INSPECTOR=1 $(PYTHON) -m pytest tests/mcp/test_mcp_inspector.py

test-kills: setup
	LOOKALIKE_TEST_KILLS=30 $(PYTHON) -m pytest -s tests/attacks/test_left_behind.py \
		tests/integration/test_batch_killed.py tests/integration/test_resume.py

check: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

docs: setup
	$(PYTHON) scripts/embed_code --check
	NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --strict
	@echo "Open site/index.html in a browser."
