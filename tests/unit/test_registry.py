"""What is chosen by name or path: ours, what distributions add, and what is said when it cannot be had."""

import subprocess
import sys
from importlib import metadata
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from renderers.errors import ChoiceError, LanguageError, PluginError
from renderers.formats import FORMATS
from renderers.kinds import KINDS, KindSpec
from renderers.registry import Registry, is_path, made

SKETCH = KindSpec("sketch", ("svg",), ("line_error",), "svg", "critic.pixel.svg:compare")


def registry(**options):
    return Registry("lookalike.tests", "test part", {"ours": "json:dumps"}, **options)


def entry(name, value, distribution="dist"):
    found = EntryPoint(name, value, "lookalike.tests")
    return found._for(SimpleNamespace(name=distribution))


@pytest.fixture
def installed(monkeypatch):
    """Distributions that add parts: a list to put entry points in, by group."""
    added = {}
    monkeypatch.setattr(metadata, "entry_points", lambda group: added.get(group, []))
    return added


def test_ours_are_found_by_name_and_others_by_path():
    import json

    assert registry()["ours"] is json.dumps
    assert registry()["json:loads"] is json.loads


def test_a_name_of_ours_asks_no_distribution(monkeypatch):
    monkeypatch.setattr(metadata, "entry_points", lambda group: pytest.fail("distributions were searched"))
    assert "ours" in registry()
    assert registry()["ours"]


def test_what_a_distribution_adds_is_listed_after_ours_and_loaded_on_demand(installed):
    installed["lookalike.tests"] = [entry("zeta", "no_such_module:x"), entry("alpha", "json:loads")]
    parts = registry()
    assert parts.names() == ("ours", "alpha", "zeta")
    assert parts["alpha"]
    assert parts.home("alpha") == "json:loads (dist)"
    with pytest.raises(PluginError, match=r"'zeta' \(no_such_module:x\).*No module named"):
        parts["zeta"]


def test_a_name_of_ours_cannot_be_taken(installed):
    import json

    installed["lookalike.tests"] = [entry("ours", "json:loads")]
    assert registry()["ours"] is json.dumps


def test_a_name_added_twice_is_refused_with_both_distributions(installed):
    installed["lookalike.tests"] = [entry("a", "json:loads", "one"), entry("a", "json:dumps", "two")]
    with pytest.raises(PluginError, match="one and two"):
        registry()["a"]


def test_an_unknown_name_is_told_with_the_choices():
    with pytest.raises(
        ChoiceError, match=r"no test part 'theirs'; choose one of ours, or .*my_package:MyTestPart"
    ):
        registry()["theirs"]
    with pytest.raises(ChoiceError, match=r"choose one of ours$"):
        registry(by_path=False)["json:loads"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("no_such_module:Name", "ModuleNotFoundError"),
        ("json:no_such_name", "AttributeError"),
        ("json:__version__", "is a str, not something to call"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_by_name(path, told):
    with pytest.raises(PluginError, match=told):
        registry()[path]


def test_a_part_of_another_class_is_told():
    with pytest.raises(PluginError, match="is a function, not a KindSpec"):
        registry(wanted=KindSpec)["ours"]


@pytest.mark.parametrize("text", ["a:b", "a.b:C.d"])
def test_paths(text):
    assert is_path(text)


@pytest.mark.parametrize("text", ["a", "a:", ":b", "a b:c", "a:b:c", "a/b:c", "a.:b"])
def test_no_paths(text):
    assert not is_path(text)


def test_what_takes_tools_gets_them():
    assert made(lambda tools: tools, 3) == 3
    assert made(lambda: 4, 3) == 4


def test_every_part_that_a_kind_names_is_there():
    for name in KINDS.names():
        for part in ("comparison", "reader", "writer", "wire"):
            assert KINDS[name].part(part)
        for language in KINDS[name].languages:
            assert FORMATS[language].suffix.startswith(".")


def test_a_kind_without_a_part_says_so():
    with pytest.raises(PluginError, match="a sketch has no writer"):
        SKETCH.part("writer")
    with pytest.raises(LanguageError, match="a sketch cannot be written in python; choose svg"):
        SKETCH.check("python")


def test_kinds_and_formats_are_listed_without_loading_what_they_name():
    code = (
        "import sys; from renderers.types import LANGUAGES, Kind; "
        "assert LANGUAGES[Kind.TABLE]; "
        "print({name.split('.')[0] for name in sys.modules} & {'cv2', 'playwright', 'critic', 'agent'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
