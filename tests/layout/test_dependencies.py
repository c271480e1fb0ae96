"""What is imported is declared, and what is declared is pinned."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import metadata, packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from agent.layout import PACKAGES


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pins(root: Path) -> dict[str, str]:
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (root / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return dict(line.split("==") for line in lines)


_OF_EXTRAS = {"grits": ["grits-metric"]}
"""Modules of distributions that are called otherwise and are not installed where the tests run."""


@pytest.fixture(scope="module")
def owned(root: Path) -> dict[str, set[str]]:
    """Modules that our packages import from elsewhere, each with the distributions that own it."""
    owners = _OF_EXTRAS | dict(packages_distributions())
    modules = set().union(*(imported(root / package) for package in PACKAGES))
    return {module: {canonicalize_name(owner) for owner in owners.get(module, [])} for module in modules}


def imported(folder: Path) -> set[str]:
    """Top-level names of other people's modules that a package imports."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: imports are absolute"
                names.add((node.module or "").partition(".")[0])
    return names - set(sys.stdlib_module_names) - set(PACKAGES)


def test_every_import_is_declared(owned: dict[str, set[str]], project: dict[str, Any]) -> None:
    extras = chain.from_iterable(project["project"]["optional-dependencies"].values())
    lines = [*project["project"]["dependencies"], *extras]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    undeclared = {module for module, owners in owned.items() if not (owners or {module}) & declared}
    assert undeclared == set()


def test_every_declared_dependency_is_pinned_to_a_version_allowed(
    project: dict[str, Any], pins: dict[str, str]
) -> None:
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_pins_run_on_the_oldest_python_we_name(project: dict[str, Any], pins: dict[str, str]) -> None:
    assert project["project"]["requires-python"] == ">=3.11"
    for name in pins:
        assert "3.11.0" in SpecifierSet(metadata(name).get("Requires-Python") or ""), name


def test_pins_name_no_address(root: Path) -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        assert "://" not in (root / name).read_text(encoding="utf-8")


def test_one_distribution_owns_cv2(pins: dict[str, str]) -> None:
    assert sum(name.startswith("opencv") for name in pins) == 1


def test_every_dependency_is_imported(owned: dict[str, set[str]], project: dict[str, Any]) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in project["project"]["dependencies"]}
    used = set().union(*owned.values())
    assert declared - used == set()
