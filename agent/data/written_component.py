"""Components that a model wrote within a page, as its prompt asks, taken out as files of their own."""

from __future__ import annotations

import json
import re

from lxml import html

from agent.data.jsx import component_name
from agent.data.page_markup import parsed
from renderers.libraries import scripts_of

_MOUNT = re.compile(r"^\s*ReactDOM\b[^\n]*$", re.MULTILINE)
_APP = re.compile(r"\b(?:function|const|class)\s+App\b")
_CREATE = "Vue.createApp("
_CREATED = re.compile(r"\s*(\{.*\})\s*\)\s*\.mount\(", re.DOTALL)
_TEMPLATE = re.compile(r"""\btemplate\s*:\s*["']#[\w-]+["']\s*,?\s*""")


def is_tailwind(code: str) -> bool:
    """Whether a page is in Tailwind's utilities already: it asks for Tailwind itself."""
    return any("tailwind" in address.lower() for address in scripts_of(code))


def react_within(picture: str, code: str) -> str | None:
    """The module of a page that is written in React; None where it is not.

    Args:
        picture: Whose name the component takes.
        code: HTML.

    Raises:
        agent.errors.DataError: There is no page in it.
    """
    document = parsed(picture, code)
    script = _script(document, "text/babel")
    if script is None or not _APP.search(script):
        return None
    name = component_name(picture)
    name = f"{name}Page" if re.search(rf"\b{name}\b", script) else name
    styles = json.dumps(_styles(document), ensure_ascii=False)
    return (
        f'import React from "react";\n\nconst styles = {styles};\n\n'
        f"{_MOUNT.sub('', script).strip()}\n\nexport default function {name}() {{\n  return (\n"
        "    <>\n      <style>{styles}</style>\n      <App />\n    </>\n  );\n}\n"
    )


def vue_within(picture: str, code: str) -> str | None:
    """The single-file component of a page that is written in Vue; None where it is not.

    Args:
        picture: What an error calls it.
        code: HTML.

    Raises:
        agent.errors.DataError: There is no page in it.
    """
    document = parsed(picture, code)
    template = _script(document, "text/x-template")
    created = _CREATED.match(code.partition(_CREATE)[2])
    if template is None or created is None:
        return None
    options = _TEMPLATE.sub("", created[1])
    return (
        f"<template>\n{template.strip()}\n</template>\n\n<script>\nexport default {options};\n</script>\n\n"
        f"<style>\n{_styles(document)}\n</style>\n"
    )


def _script(document: html.HtmlElement, kind: str) -> str | None:
    scripts = document.iter("script")
    return next((str(script.text or "") for script in scripts if script.get("type") == kind), None)


def _styles(document: html.HtmlElement) -> str:
    return "\n".join(str(style.text or "") for style in document.iter("style")).strip()
