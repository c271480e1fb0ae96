"""Finds the code in a model's answer. Never raises."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from lxml import etree

from renderers.types import Language

_LABELS: dict[Language, frozenset[str]] = {
    Language.PYTHON: frozenset({"python", "py", "python3", "matplotlib"}),
    Language.HTML: frozenset({"html", "htm", "xhtml", "html5"}),
    Language.SVG: frozenset({"svg", "xml", "image/svg+xml"}),
    Language.MARKDOWN: frozenset({"markdown", "md", "gfm"}),
}
_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})[ \t]*([^\s`{]*)[^\n`]*$", re.MULTILINE)
_SVG = re.compile(r"(?:<\?xml[^>]*\?>\s*)?<svg\b", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html\b|<(?:style|table|body|div|main|section)\b", re.IGNORECASE)
_HTML_END = re.compile(r"</(?:html|body|table|div|main|section)\s*>", re.IGNORECASE)
_MOST_LINES_DROPPED = 200


@dataclass(frozen=True, slots=True)
class _Block:
    label: str
    text: str
    closed: bool


def extract_code(answer: str, language: Language) -> str:
    """The code that ``answer`` gives; empty where there is none.

    The last fenced block in the language counts, else the last one that looks like it, else bare code. What a
    truncated answer left open is closed as far as that can be done without inventing anything.
    """
    text = _after_thought(answer).replace("\r\n", "\n")
    blocks = [block for block in _blocks(text) if block.text.strip()]
    labelled = [block for block in blocks if block.label in _LABELS[language]]
    unlabelled = [block for block in blocks if not block.label and _looks_like(block.text, language)]
    mislabelled = [block for block in blocks if block.label and _looks_like(block.text, language)]
    for found in (labelled, unlabelled, mislabelled):
        if found:
            # A whole block wins over a later one that broke off.
            block = next((item for item in reversed(found) if item.closed), found[-1])
            return _mended(_narrowed(block.text, language), language)
    return _mended(_bare(text, language), language) if not blocks else ""


def _after_thought(text: str) -> str:
    _, mark, tail = text.rpartition("</think>")
    if mark:
        return tail
    return "" if text.lstrip().startswith("<think>") else text


def _blocks(text: str) -> list[_Block]:
    """The fenced blocks in order; the last may lack its end. A longer fence may hold shorter ones."""
    blocks: list[_Block] = []
    opened: re.Match[str] | None = None
    for match in _FENCE.finditer(text):
        if opened is None:
            opened = match
        elif _closes(match, opened):
            blocks.append(_Block(opened[2].lower(), text[opened.end() + 1 : match.start()], True))
            opened = None
    if opened is not None:
        blocks.append(_Block(opened[2].lower(), text[opened.end() + 1 :], False))
    return blocks


def _closes(match: re.Match[str], opened: re.Match[str]) -> bool:
    return match[1][0] == opened[1][0] and len(match[1]) >= len(opened[1]) and not match[2]


def _looks_like(text: str, language: Language) -> bool:
    if language is Language.SVG:
        return bool(_SVG.search(text))
    if language is Language.HTML:
        return bool(_HTML.search(text)) and not _SVG.match(text.strip())
    if language is Language.MARKDOWN:
        return bool(re.search(r"^\s*\|?[\s:|-]*-{2,}[\s:|-]*$", text, re.MULTILINE)) and "|" in text
    return bool(re.search(r"^\s*(?:import|from)\s+\w|\bplt\.", text, re.MULTILINE))


def _bare(text: str, language: Language) -> str:
    """Code that stands in the answer without fences."""
    if language is Language.PYTHON:
        start = re.search(r"^(?:import|from)\s+\w", text, re.MULTILINE)
        return text[start.start() :] if start else ""
    if language is Language.MARKDOWN:
        rows = [line for line in text.splitlines() if line.lstrip().startswith("|")]
        return "\n".join(rows) if _looks_like("\n".join(rows), language) else ""
    return _narrowed(text, language) if _looks_like(text, language) else ""


def _narrowed(text: str, language: Language) -> str:
    """Markup without the words before and after it."""
    if language is Language.SVG:
        start, end = _SVG.search(text), text.lower().rfind("</svg>")
        return text[start.start() if start else 0 : end + len("</svg>") if end >= 0 else None]
    if language is Language.HTML:
        start = _HTML.search(text)
        ends = [match.end() for match in _HTML_END.finditer(text)]
        whole = ends and not re.search(r"<\w", text[ends[-1] :])
        return text[start.start() if start else 0 : ends[-1] if whole else None]
    return text


def _mended(code: str, language: Language) -> str:
    code = code.strip()
    if not code:
        return ""
    if language is Language.PYTHON:
        code = _whole_lines(code)
    elif language is Language.SVG:
        code = _closed_svg(code)
    return f"{code}\n" if code else ""


def _whole_lines(code: str) -> str:
    """A program that broke off, without the statement it broke off in; others as they are."""
    if _parses(code):
        return code
    lines = code.splitlines()
    for count in range(len(lines) - 1, max(0, len(lines) - _MOST_LINES_DROPPED), -1):
        shorter = "\n".join(lines[:count])
        if _parses(shorter):
            # Only a broken end is cut off: an error in the middle is for the renderer to tell.
            return shorter if count >= len(lines) // 2 else code
    return code


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _closed_svg(code: str) -> str:
    """An SVG that broke off, with its open elements closed; others as they are."""
    if "</svg>" in code.lower() or re.search(r"<svg\b[^>]*/>\s*$", code):
        return code
    whole = code[: code.rfind(">") + 1]
    try:
        root = etree.fromstring(
            whole.encode(), etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        )
    except (etree.XMLSyntaxError, ValueError):
        return code
    return etree.tostring(root, encoding="unicode") if root is not None else code
