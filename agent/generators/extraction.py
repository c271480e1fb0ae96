"""Finds the code in a model's answer. Never raises."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape

from lxml import etree

from agent.generators.edits import apply_edits, read_edits
from agent.generators.fences import plain_fences, without_numbers
from agent.generators.wrapped import strings, values
from prompts.thoughts import after_thought
from renderers.formats import FORMATS
from renderers.table import html_of_markdown
from renderers.types import Language

_CSS = frozenset({"css"})
_FENCES = ("```", "~~~")
_DEEPEST_FENCE = 3
"""Spaces before a fence; with more it is code (CommonMark 4.5)."""

_SVG = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s{0,20})?<svg\b", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html\b|<(?:style|table|body|div|main|section)\b", re.IGNORECASE)
_HTML_WHOLE = re.compile(r"<!doctype\s+html|<(?:html|body|table)\b", re.IGNORECASE)
_HTML_END = re.compile(r"</(?:html|body|table|div|main|section)\s*>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_PYTHON = re.compile(r"^[ \t]*(?:import|from)[ \t]+\w|\bplt\.", re.MULTILINE)
_DRAWS = re.compile(r"\b(?:plt|pyplot|matplotlib|seaborn|sns|plotly|altair|bokeh|pandas)\b")
_IMPORT = re.compile(r"^(?:import|from)[ \t]+\w", re.MULTILINE)
_ANSWER_BEGINS = re.compile(r"[ \t]*(?:\n|```\w*[ \t]*\n)")
"""After a thought: a new line, or a fence that is one. In a line of words the mark is quoted."""

_MOST_CLOSINGS = 8
"""Fences after which a block is tried: a program may hold some in its strings."""

_LEFT_OUT = frozenset({"rest", "remaining", "remainder", "existing", "previous", "other"})
_AS_BEFORE = frozenset(
    {"unchanged", "same", "omitted", "before", "remains", "remain", "stays", "code", "here"}
)
_COMMENTS = ("#", "<!--", "/*", "//", "...", "\u2026")
_LONGEST_COMMENT = 200
_MOST_LINES_DROPPED = 200


class Problem(StrEnum):
    """Why an answer holds no whole program."""

    NONE = ""
    NO_CODE = "no code"
    ABRIDGED = "abridged"
    MISFIT = "misfit"


@dataclass(frozen=True, slots=True)
class Found:
    """The code in an answer, and what is wrong with it; an abridged program is given as it is."""

    code: str
    problem: Problem = Problem.NONE


@dataclass(frozen=True, slots=True)
class _Block:
    label: str
    text: str
    closed: bool


def extract_code(answer: str, language: Language, parent: str = "") -> str:
    """The code that ``answer`` gives; empty where there is none."""
    return find_code(answer, language, parent).code


def find_code(answer: str, language: Language, parent: str = "") -> Found:
    """The code that ``answer`` gives, and whether it is whole.

    The last fenced block in the language that stands alone counts: a snippet after a program is not the
    program, and the parent quoted is none. Else the parent with the edits that the answer gives, else the
    last block that looks like the language, else a string inside JSON, else bare code. What a truncated
    answer left open is closed as far as that can be done without inventing anything.

    Args:
        answer: All that the model wrote.
        language: What was asked for.
        parent: The program that edits are of.
    """
    text = (after_thought(answer) or "").replace("\r\n", "\n")
    text = _after_headless_thought(text.removeprefix("\ufeff"), language)
    if not _looks_like(text, language) and _looks_like(unescape(text), language):
        text = unescape(text)
    blocks = [block for block in _blocks(plain_fences(text), language) if block.text.strip()]
    blocks = [replace(block, text=without_numbers(block.text)) for block in blocks]
    programs = _programs(blocks, language)
    others = [block for block in programs if block.text.strip() != parent.strip()]
    if others and (_stands_alone(others[-1], language) or not parent):
        return _checked(_whole(others[-1], blocks, language), language)
    edits = read_edits(text) if parent else ()
    if edits:
        edited = apply_edits(parent, edits)
        return Found("", Problem.MISFIT) if edited is None else _checked(edited, language)
    if programs := others or programs:
        return _checked(_whole(programs[-1], blocks, language), language)
    code = _wrapped(text, blocks, language) or ("" if blocks else _bare(text, language))
    return _checked(_mended(code or _from_markdown(text, blocks, language), language), language)


def _checked(code: str, language: Language) -> Found:
    if not code:
        return Found("", Problem.NO_CODE)
    return Found(
        code, Problem.ABRIDGED if language is not Language.MARKDOWN and _is_abridged(code) else Problem.NONE
    )


def _is_abridged(code: str) -> bool:
    """Whether a comment stands for a part that is left out, such as ``# ... rest unchanged``."""
    for line in code.splitlines():
        comment = line.strip()[:_LONGEST_COMMENT].lower()
        if comment.startswith(_COMMENTS):
            words = set(re.findall(r"[a-z]+", comment))
            if words & _LEFT_OUT and words & _AS_BEFORE:
                return True
    return False


def _after_headless_thought(text: str, language: Language) -> str:
    """What follows a thought whose beginning stood in the prompt; nothing of the answer's own is dropped."""
    head, mark, tail = text.partition("</think>")
    quoted = any(fence in head for fence in _FENCES) or _looks_like(head, language)
    return tail if mark and not quoted and _ANSWER_BEGINS.match(tail) else text


def _blocks(text: str, language: Language) -> list[_Block]:
    """The fenced blocks in order; the last may lack its end. A longer fence may hold shorter ones.

    A fence in a string of a program closes nothing: of the first few that could close a block, the first
    after which it is whole does.
    """
    lines = text.split("\n")
    blocks: list[_Block] = []
    number = 0
    while number < len(lines):
        fence, label = _fence(lines[number])
        deep = len(lines[number]) - len(lines[number].lstrip(" "))
        number += 1
        if not fence:
            continue
        indent = re.compile(f"^ {{0,{deep}}}", re.MULTILINE)
        ends = list(_closings(lines, number, fence))
        texts = [indent.sub("", "\n".join(lines[number:end])) for end in ends]
        whole = next((place for place, text in enumerate(texts) if _is_whole(text, label, language)), 0)
        if ends:
            blocks.append(_Block(label, texts[whole], True))
            number = ends[whole] + 1
        else:
            broken = "\n".join(lines[number:]).rstrip()
            blocks.append(_Block(label, indent.sub("", broken.removesuffix(fence)), False))
            number = len(lines)
    return blocks


def _fence(line: str) -> tuple[str, str]:
    """The fence that a line is, and its label; two empty texts for any other line."""
    stripped = line.lstrip(" \t")
    if len(line) - len(stripped) > _DEEPEST_FENCE or not stripped.startswith(_FENCES):
        return "", ""
    rest = stripped.lstrip(stripped[0])
    if "`" in rest:
        return "", ""
    label = (rest.split("{")[0].split() or [""])[0]
    return stripped[: len(stripped) - len(rest)], label.lower()


def _closings(lines: Sequence[str], start: int, fence: str) -> Iterator[int]:
    """The first few lines that could close a block."""
    found = 0
    for number in range(start, len(lines)):
        other, label = _fence(lines[number])
        if other[:1] == fence[0] and len(other) >= len(fence) and not label:
            yield number
            found += 1
            if found == _MOST_CLOSINGS:
                return


def _labels(language: Language) -> tuple[str, ...]:
    """What a model may call a block of a language."""
    return FORMATS[language].labels


def _all_labels() -> Iterator[str]:
    return (label for name in FORMATS.names() for label in FORMATS[name].labels)


def _is_whole(text: str, label: str, language: Language) -> bool:
    if label not in _labels(language):
        return True
    lower = text.lower()
    if language is Language.PYTHON:
        return _parses(text)
    if language is Language.SVG:
        return "</svg>" in lower or not _SVG.search(text)
    if language is Language.HTML:
        return all(lower.count(f"</{tag}") >= lower.count(f"<{tag}") for tag in ("html", "body", "table"))
    return True


def _programs(blocks: Sequence[_Block], language: Language) -> list[_Block]:
    """The blocks that may be the program, the likeliest last."""
    usable = [block for block in blocks if not read_edits(block.text) and block.label != "diff"]
    labelled = [block for block in usable if block.label in _labels(language)]
    unlabelled = [block for block in usable if not block.label and _looks_like(block.text, language)]
    known = {"json", "css", *(_all_labels() if language is Language.MARKDOWN else ())}
    mislabelled = [
        block
        for block in usable
        if block.label and block.label not in known and _looks_like(block.text, language)
    ]
    found = labelled or unlabelled or mislabelled
    # A whole block wins over a later one that broke off.
    return sorted(found, key=lambda block: (_stands_alone(block, language), block.closed))


def _stands_alone(block: _Block, language: Language) -> bool:
    """Whether a block is a program of its own rather than a part of one."""
    if not block.closed:
        return False
    if language is Language.PYTHON:
        return bool(_DRAWS.search(block.text)) and _defines_what_it_uses(block.text)
    if language is Language.SVG:
        return bool(_SVG.search(block.text))
    return language is Language.MARKDOWN or bool(_HTML_WHOLE.search(block.text))


def _defines_what_it_uses(code: str) -> bool:
    """Whether every name that a program reads is bound somewhere in it; true for one with an error."""
    tree = _parsed(code)
    if tree is None:
        return True
    bound: set[str] = set(dir(builtins))
    read: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return read <= bound or "*" in bound


def _whole(block: _Block, blocks: Sequence[_Block], language: Language) -> str:
    """A block as the program it is, style sheets that were given apart from a document put into it."""
    code = _mended(_narrowed(block.text, language), language)
    sheets = [
        other.text.strip() for other in blocks if other.label in _CSS and other.text.strip() not in code
    ]
    if language is not Language.HTML or not sheets or not code:
        return code
    style = "<style>\n" + "\n".join(sheets) + "\n</style>\n"
    head = _HEAD_END.search(code)
    return code[: head.start()] + style + code[head.start() :] if head else style + code


def _wrapped(text: str, blocks: Sequence[_Block], language: Language) -> str:
    """Code that stands as a string inside a JSON object; the longest one."""
    sources = [*(block.text for block in blocks if block.label in ("json", "")), text]
    texts = (item for source in sources for value in values(source) for item in strings(value))
    found = [item for item in texts if _looks_like(item, language)]
    longest = max(found, key=len, default="")
    fenced = _programs(_blocks(longest, language), language)
    return fenced[-1].text if fenced else _narrowed(longest, language)


def _from_markdown(text: str, blocks: Sequence[_Block], language: Language) -> str:
    """A Markdown table as HTML, where HTML was asked for and nothing else is there."""
    if language is not Language.HTML:
        return ""
    tables = [block.text for block in blocks if _looks_like(block.text, Language.MARKDOWN)]
    table = tables[-1] if tables else _bare(text, Language.MARKDOWN)
    return html_of_markdown(table) if table else ""


def _looks_like(text: str, language: Language) -> bool:
    if language is Language.SVG:
        return bool(_SVG.search(text))
    if language is Language.HTML:
        return bool(_HTML.search(text)) and not _SVG.match(text.strip())
    if language is Language.MARKDOWN:
        return any(_is_rule(line) for line in text.splitlines())
    return bool(_PYTHON.search(text))


def _is_rule(line: str) -> bool:
    """The line under a Markdown table's heading."""
    return "--" in line and "|" in line and not set(line) - set("|:- \t")


def _bare(text: str, language: Language) -> str:
    """Code that stands in the answer without fences."""
    if language is Language.PYTHON:
        start = _IMPORT.search(text)
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
    """A program that broke off, without the statement it broke off in; others as they are.

    Spaces that were set as no-break ones, as in text from a web page, are spaces.
    """
    if not _parses(code) and _parses(spaced := code.replace("\u00a0", " ")):
        return spaced
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
    return _parsed(code) is not None


def _parsed(code: str) -> ast.Module | None:
    """The program; None where it has an error. What Python has to remark on it is for nobody here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _closed_svg(code: str) -> str:
    """An SVG that broke off, with its open elements closed; others as they are."""
    if "</svg>" in code.lower() or re.search(r"<svg\b[^>]{0,2000}/>$", code):
        return code
    whole = code[: code.rfind(">") + 1]
    try:
        root = etree.fromstring(
            whole.encode(), etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        )
    except (etree.XMLSyntaxError, ValueError):
        return code
    return etree.tostring(root, encoding="unicode") if root is not None else code
