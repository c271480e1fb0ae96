"""The names that each package exports: whoever changes one changes it here, too."""

from __future__ import annotations

import importlib

import pytest

EXPORTED = {
    "agent": {
        "AgentError",
        "Answer",
        "Budget",
        "Discrepancy",
        "InputError",
        "Kind",
        "Language",
        "Refinement",
        "RefinementAgent",
        "Search",
        "StopReason",
    },
    "graph": {
        "Accepted",
        "Action",
        "Answer",
        "Asked",
        "Attempt",
        "Budget",
        "Candidate",
        "Critiqued",
        "Draft",
        "Drafted",
        "Drafting",
        "Event",
        "FolderError",
        "Generator",
        "GraphError",
        "NothingDrafted",
        "Policy",
        "Rejected",
        "Rejudged",
        "Rendered",
        "Result",
        "Resumed",
        "Revision",
        "RunContext",
        "RunFolder",
        "Search",
        "StopReason",
        "Stopped",
        "Task",
        "View",
        "WrongAnswer",
        "build",
        "serializer",
        "stream",
    },
    "critic": {
        "Box",
        "CATEGORIES",
        "Cause",
        "Critic",
        "CriticError",
        "Critique",
        "Discrepancy",
        "Element",
        "PixelCritic",
        "ReadingError",
        "reward",
        "similarity",
    },
    "renderers": {
        "BrowserError",
        "ChoiceError",
        "FORMATS",
        "FormatSpec",
        "Image",
        "KINDS",
        "Kind",
        "KindSpec",
        "LANGUAGES",
        "Language",
        "LanguageError",
        "PictureError",
        "PluginError",
        "Registry",
        "Render",
        "RenderStatus",
        "Renderer",
        "RendererError",
        "Renderers",
        "Size",
        "WorkerError",
        "load_picture",
    },
    "prompts": set(),
}


@pytest.mark.parametrize("package", EXPORTED)
def test_a_package_exports_what_is_written_here_and_has_it(package: str) -> None:
    module = importlib.import_module(package)
    assert set(getattr(module, "__all__", ())) == EXPORTED[package]
    assert all(getattr(module, name) is not None for name in EXPORTED[package])


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    for package in EXPORTED:
        with pytest.raises(AttributeError, match="nothing_of_that_name"):
            importlib.import_module(package).nothing_of_that_name  # noqa: B018
