"""Attacks by what lies in a folder one works in: settings, prompts, and folders that are not ours."""

from __future__ import annotations

import asyncio
import os
import pickle
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.api import RefinementAgent
from agent.cli import app
from agent.settings import load_settings
from critic.types import Discrepancy
from graph.errors import FolderError
from graph.types import Budget, Search
from prompts.errors import TemplateError
from prompts.library import Templates

HOSTILE = """
[generator]
base_url = "http://127.0.0.1:9/v1"
[critic]
base_url = "http://127.0.0.1:9/v1"
[prompts]
directory = "prompts"
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_settings_file_that_merely_lies_there_is_not_obeyed(here, monkeypatch):
    monkeypatch.setenv("LOOKALIKE_GENERATOR__API_KEY", "the-key")
    (here / "lookalike.toml").write_text(HOSTILE)
    loaded = load_settings()
    assert loaded.settings.generator.base_url == loaded.settings.critic.base_url == ""
    assert loaded.settings.prompts.directory is None
    told = CliRunner().invoke(app, ["config"])
    assert "lookalike trust" in told.stderr
    assert "127.0.0.1" not in told.stdout


def test_a_trusted_file_holds_until_it_is_changed_or_moved(here):
    (here / "lookalike.toml").write_text("[search]\nwidth = 7\n")
    assert CliRunner().invoke(app, ["trust"]).exit_code == 0
    assert load_settings().settings.search.width == 7
    assert "you trust" in load_settings().note
    (here / "other").mkdir()
    (here / "other" / "lookalike.toml").write_bytes((here / "lookalike.toml").read_bytes())
    os.chdir(here / "other")
    assert load_settings().settings.search.width == 1
    os.chdir(here)
    (here / "lookalike.toml").write_text("[search]\nwidth = 8\n")
    assert load_settings().settings.search.width == 1


@pytest.mark.parametrize("kind", ["pipe", "device", "huge", "folder", "damaged"])
def test_a_settings_file_that_is_none_keeps_nobody_waiting(here, kind):
    file = here / "lookalike.toml"
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "device":
            file.symlink_to("/dev/zero")
        case "huge":
            file.write_bytes(b"#" * 2_000_000)
        case "folder":
            file.mkdir()
        case "damaged":
            file.write_bytes(b"[" * 100_000)
    assert load_settings().settings.search.width == 1
    assert "not used" in load_settings().note
    assert CliRunner().invoke(app, ["config", "--config", str(file)]).exit_code == 2
    assert CliRunner().invoke(app, ["trust"]).exit_code == 2


class _Burning:
    """Writes a file where it is unpickled."""

    def __reduce__(self):
        return (Path.touch, (Path("/tmp/lookalike-was-unpickled"),))


PICKLED = pickle.dumps(_Burning())
OUT = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ (word|attr('__class__')) }}",
    "{{ word|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ 'a'['__class__'] }}",
    "{{ ['__class__']|map('attr', '__mro__')|list }}",
    "{{ [1]|map(attribute='__class__')|list }}",
    "{{ '{0.__class__.__mro__}'.format(word) }}",
    "{{ '{0.__class__}'|format(word) ~ ('{0.__class__}'.format)(word) }}",
    "{{ '{x.__class__}'.format_map({'x': 1}) }}",
    "{{ item.parse_file('/etc/passwd') }}",
    "{{ item.parse_raw(burning, proto='pickle', allow_pickle=True) }}",
    "{{ item.__class__.parse_raw(burning, proto='pickle', allow_pickle=True) }}",
    "{{ item.model_validate_json('{}') }}",
    "{{ item.model_config.update({'extra': 'allow'}) }}",
    "{{ path.read_text() }}",
    "{{ path.parent.iterdir()|list }}",
    "{% set x = [] %}{{ x.append.__self__.__class__ }}",
    "{{ range(10**9)|list }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system('id') }}",
    "{% from 'chart/../../library.py' import x %}",
    "{{ 'x' * 10**11 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ dict.fromkeys.__self__.__subclasses__() }}",
]


@pytest.mark.parametrize("text", OUT)
def test_a_template_gets_at_nothing(text, tmp_path):
    folder = tmp_path / "chart"
    folder.mkdir()
    (folder / "generate.md.j2").write_text(text)
    item = Discrepancy(category="text_error", severity=1, location="x", description="y")
    try:
        said = Templates(tmp_path).render(
            "chart", "generate", word="chart", item=item, burning=PICKLED, path=tmp_path
        )
    except TemplateError:
        said = ""
    assert said.strip() in ("", "[Undefined]")
    assert not Path("/tmp/lookalike-was-unpickled").exists()


@pytest.mark.parametrize("kind", ["link", "pipe", "huge"])
def test_a_template_is_a_file_of_its_folder(kind, tmp_path):
    prompts = tmp_path / "prompts"
    (prompts / "chart").mkdir(parents=True)
    file = prompts / "chart" / "generate.md.j2"
    match kind:
        case "link":
            (tmp_path / "secret").write_text("the secret")
            file.symlink_to(tmp_path / "secret")
        case "pipe":
            os.mkfifo(file)
        case "huge":
            file.write_bytes(b"x" * 2_000_000)
    with pytest.raises(TemplateError):
        Templates(prompts)


USERS = {
    "pictures/holiday.png": "a picture",
    "candidates/letter.txt": "a letter",
    "best.txt": "the best",
    "report.html": "a report",
    "run.json": '{"mine": true}',
    "index.html": "<title>My page</title>",
    "checkpoints.sqlite": "a database",
    "results.jsonl": "{}",
    "summary.json": "{}",
    "gallery.html": "my gallery",
    "items/a.txt": "x",
    "code/main.py": "x",
    ".running/x": "x",
}


def put_down(folder, names):
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(USERS[name])


def as_put_down(folder, names):
    return all((folder / name).read_text() == USERS[name] for name in names)


@pytest.fixture
def site(here, pictures):
    """A picture beside a folder of its name that the user made."""
    picture = next((pictures / "svg").glob("*.png"))
    (here / "site.png").write_bytes(picture.read_bytes())
    (here / "b.png").write_bytes(picture.read_bytes())
    return here


@pytest.mark.parametrize("name", USERS)
def test_a_folder_of_the_user_s_is_left_as_it_is(name, site):
    put_down(site / "site", [name])
    done = CliRunner().invoke(app, ["refine", "site.png", "--kind", "svg", "--rounds", "0", "-o", "."])
    assert done.exit_code == 2
    assert "not made by lookalike" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert as_put_down(site / "site", [name])
    assert [entry.name for entry in (site / "site").iterdir()] == [name.partition("/")[0]]


OF_BATCHES = ("results.jsonl", "summary.json", "gallery.html", "items", "code", ".running")


@pytest.mark.parametrize("name", [name for name in USERS if name.partition("/")[0] in OF_BATCHES])
def test_a_batch_replaces_nothing_of_the_user_s(name, site):
    put_down(site / "out", [name])
    (site / "in").mkdir()
    (site / "site.png").rename(site / "in" / "site.png")
    done = CliRunner().invoke(app, ["batch", "in", "-o", "out"])
    assert done.exit_code == 2
    assert "not made by lookalike" in done.stderr
    assert as_put_down(site / "out", [name])


def test_a_page_of_the_user_s_is_not_replaced_by_an_index(site):
    put_down(site, ["index.html"])
    done = CliRunner().invoke(
        app, ["refine", "site.png", "b.png", "--kind", "svg", "--rounds", "0", "-o", "."]
    )
    assert done.exit_code == 2
    assert as_put_down(site, ["index.html"])
    assert not (site / "b").exists()


def test_what_the_user_puts_into_a_run_s_folder_stays_there(site):
    command = ["refine", "site.png", "--kind", "svg", "--rounds", "0", "-o", "out"]
    assert CliRunner().invoke(app, command).exit_code == 0
    mine = ["pictures/holiday.png", "candidates/letter.txt"]
    put_down(site / "out" / "site", mine)
    assert CliRunner().invoke(app, command).exit_code == 0
    assert as_put_down(site / "out" / "site", mine)


def test_one_command_at_a_time_writes_to_a_folder(site):
    async def together():
        async with RefinementAgent(Search(budget=Budget(rounds=0))) as agent:
            first = agent.stream("site.png", kind="svg", out="out")
            await anext(first)
            with pytest.raises(FolderError, match="another run is writing there"):
                await agent.arefine("b.png", kind="svg", out="out")
            await first.aclose()
            await agent.arefine("b.png", kind="svg", out="out")

    asyncio.run(together())
