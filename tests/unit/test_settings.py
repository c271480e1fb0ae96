"""Settings: the later source wins, each value knows where it is from, keys stay secret."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from agent.api import RefinementAgent
from agent.commands.config import config
from agent.errors import ConfigError
from agent.parts import critic_of, generator_of
from agent.settings import environment_name, load_settings, public
from agent.tools import Tools
from agent.trust import trust
from critic.reading import Reader
from prompts.errors import TemplateError
from renderers import Renderers

KEY = "s3cret-t0ken"


def parts(flags):
    """Names of the generator and the critic that an agent has with these settings."""
    settings = load_settings(flags).settings
    tools = Tools(settings, Reader(), Renderers().render)
    generator = generator_of(settings.generator.chosen, tools)
    return generator.name, critic_of(settings.critic.chosen, tools).name


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def obeyed(folder, text):
    path = folder / "lookalike.toml"
    path.write_text(text)
    trust(path, path.read_bytes())
    return path


@pytest.fixture
def file(tmp_path):
    return obeyed(
        tmp_path,
        f"""
        [generator]
        base_url = "http://one/v1, http://two/v1/"
        model = "from-the-file"
        api_key = "{KEY}"
        sampling = {{ temperature = 0.1, top_p = 0.5 }}
        [search]
        width = 2
        """,
    )


def shown(loaded):
    return {item.name: (item.value, item.source) for item in loaded.listed()}


def test_without_anything_set_no_server_is_needed():
    loaded = load_settings()
    assert loaded.settings.generator.chosen == "embedded"
    assert loaded.settings.critic.chosen == "pixel"
    assert {source for _, source in shown(loaded).values()} == {"default"}


def test_the_later_source_wins_and_is_named(file, monkeypatch):
    monkeypatch.setenv("LOOKALIKE_GENERATOR__MODEL", "from-the-environment")
    monkeypatch.setenv("LOOKALIKE_SEARCH__WIDTH", "3")
    monkeypatch.setenv("LOOKALIKE_GENERATOR__SAMPLING__TEMPERATURE", "0.9")
    loaded = load_settings({"search": {"width": 4, "target": None}, "isolation": None})
    told = shown(loaded)
    assert told["search.width"] == (4, "flag")
    assert told["generator.model"] == ("from-the-environment", "LOOKALIKE_GENERATOR__MODEL")
    assert told["generator.sampling.temperature"] == (0.9, "LOOKALIKE_GENERATOR__SAMPLING__TEMPERATURE")
    assert told["generator.sampling.top_p"] == (0.5, "lookalike.toml")
    assert told["search.target"] == (None, "default")


def test_a_server_s_address_is_enough_to_use_it(file):
    settings = load_settings().settings
    assert settings.generator.chosen == "lvlm"
    assert settings.generator.endpoint().base_urls == ("http://one/v1", "http://two/v1")
    assert load_settings({"generator": {"use": "embedded"}}).settings.generator.chosen == "embedded"


def test_keys_are_never_shown(file):
    loaded = load_settings()
    assert loaded.settings.generator.endpoint().api_key.get_secret_value() == KEY
    assert shown(loaded)["generator.api_key"] == ("set", "lookalike.toml")
    texts = [repr(loaded), str(loaded.settings), json.dumps(public(loaded.settings)), str(loaded.listed())]
    texts.append(loaded.settings.model_dump_json())
    app = typer.Typer()
    app.command()(config)
    for arguments in ([], ["--all"], ["--json"]):
        texts.append(CliRunner().invoke(app, arguments).output)
    assert not any(KEY in text for text in texts)
    assert "from-the-file" in texts[-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[generator]\nmodle = 'x'", r"generator\.modle: no such setting \(from lookalike\.toml\)"),
        ("[search]\nwidth = 0", r"search\.width: .*greater than or equal to 1.*lookalike\.toml"),
        ("[critic]\nuse = 'nobody'", r"critic\.use"),
        ("[critic]\nbase_url = 'localhost:8000'", r"critic\.base_url.*no http://"),
        ("[critic]\nbase_url = 'http://me:pw@host/v1'", r"set the key as api_key"),
        ("[critic", r"lookalike\.toml: "),
        ("nonsense = 1", r"nonsense: no such setting"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_source(tmp_path, text, words):
    obeyed(tmp_path, text)
    with pytest.raises(ConfigError, match=words):
        load_settings()


def test_an_error_about_a_key_does_not_show_it(tmp_path):
    obeyed(tmp_path, f"[generator]\napi_key = ['{KEY}']")
    with pytest.raises(ConfigError, match="api_key") as caught:
        load_settings()
    assert KEY not in str(caught.value)


def test_a_wrong_environment_variable_is_named(monkeypatch):
    monkeypatch.setenv("LOOKALIKE_SEARCH__BUDGET__ROUNDS", "many")
    with pytest.raises(ConfigError, match="from LOOKALIKE_SEARCH__BUDGET__ROUNDS"):
        load_settings()


def test_a_settings_file_that_is_given_must_exist(tmp_path):
    with pytest.raises(ConfigError, match="no such settings file"):
        load_settings(file=tmp_path / "other.toml")


def test_every_setting_has_its_environment_variable(monkeypatch):
    for item in load_settings().listed():
        assert environment_name(item.name).startswith("LOOKALIKE_")
    monkeypatch.setenv(environment_name("search.budget.tokens"), "1000")
    assert load_settings().settings.search.budget.tokens == 1000


def test_a_model_without_a_server_is_told_how_to_get_one():
    settings = load_settings({"critic": {"use": "judge"}}).settings
    with pytest.raises(ConfigError, match="LOOKALIKE_CRITIC__BASE_URL"):
        RefinementAgent(settings=settings)


def test_settings_choose_generator_and_critic():
    both = {"base_url": "http://127.0.0.1:9/v1"}
    assert parts({"generator": both, "critic": both}) == ("lvlm", "visual-erm")
    assert parts({"critic": {**both, "use": "judge"}}) == ("embedded", "judge")
    assert parts({}) == ("embedded", "pixel")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"critic": {"use": "visual"}}, r"critic.use: there is no critic 'visual'.*judge.*\(from flag\)"),
        ({"generator": {"use": "lvml"}}, r"generator.use: there is no generator 'lvml'.*lvlm"),
        ({"search": {"policy": "bream"}}, r"search.policy: there is no policy 'bream'.*my_package:MyPolicy"),
    ],
)
def test_a_part_that_there_is_not_is_told_with_the_choices(flags, told):
    with pytest.raises(ConfigError, match=told):
        load_settings(flags)


def test_a_clone_without_prompts_is_told(tmp_path):
    with pytest.raises(TemplateError, match="no prompts of Visual-ERM"):
        parts({"prompts": {"verm": tmp_path}})
