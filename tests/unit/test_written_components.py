"""A model is asked for the format that is wanted where it can be drawn, and its component is taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.choices import Targets, asked_within
from agent.data import component, tailwind
from agent.data.finished import Finished
from agent.errors import DataError
from agent.generators.sandbox import SANDBOX
from prompts.library import Templates
from renderers import Kind, Language
from renderers.libraries import Libraries

REACT = """<!DOCTYPE html><html><head><style>.card { color: #0a5; }</style>
<script src="https://unpkg.com/react@18/umd/react.production.min.js"></script></head>
<body><div id="root"></div><script type="text/babel">
function Card({ title }) { return <article className="card">{title}</article>; }
function App() { return <main><Card title="High" /><Card title="Low" /></main>; }
ReactDOM.createRoot(document.getElementById("root")).render(<App />);
</script></body></html>"""
VUE = """<!DOCTYPE html><html><head><style>.card { color: #0a5; }</style></head><body><div id="app"></div>
<script type="text/x-template" id="page"><p class="card" v-for="tide in tides">{{ tide }}</p></script>
<script>
Vue.createApp({ template: "#page", data() { return { tides: ["High", "Low"] }; } }).mount("#app");</script>
</body></html>"""
TAILWIND = """<!DOCTYPE html><html><head>
<script src="https://cdn.jsdelivr.net/npm/@tailwindcss/browser@4"></script></head>
<body class="p-[13px]">High</body></html>"""


def finished(code: str) -> Finished:
    return Finished(Path("run"), "app.png", Kind.PAGE, Language.HTML, code)


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """React without Vue or Tailwind, as npm would lay it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name in ("react", "react-dom", "@babel/standalone"):
        home = Libraries().folder / "node_modules" / name
        home.mkdir(parents=True)
        (home / "package.json").write_text(json.dumps({"version": "1.2.3"}))


@pytest.mark.usefixtures("set_up")
def test_a_model_is_asked_for_the_first_format_whose_libraries_are_there() -> None:
    asked = Targets(Language.HTML, ("vue", "react", "tailwind"))
    assert asked_within(Kind.PAGE, asked) == "react"
    assert asked_within(Kind.PAGE, Targets(Language.HTML, ("vue",))) == ""
    assert asked_within(Kind.SVG, Targets(Language.SVG, ("react",))) == ""


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("", "Use no scripts"),
        ("tailwind", "@tailwindcss/browser@4"),
        ("react", 'type="text/babel"'),
        ("vue", "Vue.createApp("),
    ],
)
def test_the_prompt_says_what_it_is_to_be_written_in(target: str, said: str) -> None:
    values = {"width": 640, "height": 480, "sent": "640 x 480", "language": "html", "hints": ""}
    text = Templates().render(Kind.PAGE, "generate", target=target, sandbox=SANDBOX, **values)
    assert said in text and "```html" in text
    assert ("scripts do not run" in text) == (not target)


def test_what_a_model_wrote_in_react_is_a_module_with_its_components() -> None:
    code = component.write_react(finished(REACT))
    assert code.startswith('import React from "react";') and "function Card({ title })" in code
    assert "ReactDOM" not in code and ".card { color: #0a5; }" in code
    assert "export default function AppPage() {" in code, "its name does not hide the model's own"


def test_what_a_model_wrote_in_vue_is_a_single_file_component() -> None:
    code = component.write_vue(finished(VUE))
    assert code.startswith('<template>\n<p class="card" v-for="tide in tides">{{ tide }}</p>\n</template>')
    assert 'export default { data() { return { tides: ["High", "Low"] }; } };' in code


def test_a_page_in_tailwind_stays_as_it_is() -> None:
    assert tailwind.write(finished(TAILWIND)) == TAILWIND


@pytest.mark.parametrize("write", [component.write_vue, tailwind.write])
def test_a_page_that_its_script_builds_cannot_be_had_otherwise(write: object) -> None:
    assert callable(write)
    with pytest.raises(DataError, match=r"app\.png: its page is built by its own script"):
        write(finished(REACT))
