"""Texts and numbers made into others of the same kind, so that only reading tells them apart."""

from __future__ import annotations

import random
import re

_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d[\d.,]*")
_LONE = re.compile(r"[-+\u2212]?\d[\d.,]*")
_VOCABULARY = (
    "harbour",
    "window",
    "seventh",
    "margin",
    "lantern",
    "output",
    "coastal",
    "monthly",
    "garden",
    "signal",
)
_LETTERS = "abcdefghikmnoprstuwz"
_UNITS = {"%": "kg", "$": "€", "€": "$", "£": "$", "kg": "t", "km": "mi", "ms": "s", "mm": "cm", "MB": "GB"}


def has_word(text: str) -> bool:
    """Whether there is a word worth replacing."""
    return bool(_WORD.search(text))


def has_digit(text: str) -> bool:
    """Whether there is a digit."""
    return bool(_DIGIT.search(text))


def other_word(text: str, chance: random.Random) -> tuple[str, int]:
    """The text with one word replaced by another one, and how many letters that changed."""
    found = chance.choice(list(_WORD.finditer(text)))
    word = found.group()
    other = chance.choice([item for item in _VOCABULARY if item != word.casefold()])
    other = other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other
    return text[: found.start()] + other + text[found.end() :], max(len(word), len(other))


def other_letter(text: str, chance: random.Random) -> str:
    """The text with one small letter inside a word replaced; needs ``has_word``."""
    found = chance.choice(list(_WORD.finditer(text)))
    place = chance.randrange(found.start() + 1, found.end())
    letter = chance.choice([item for item in _LETTERS if item != text[place].casefold()])
    letter = letter.upper() if text[place].isupper() else letter
    return text[:place] + letter + text[place + 1 :]


def other_digit(text: str, chance: random.Random) -> tuple[str, float]:
    """The text with one digit replaced, and the change as a share of the number; needs ``has_digit``."""
    place = chance.choice([match.start() for match in _DIGIT.finditer(text)])
    whole = next(match for match in _NUMBER.finditer(text) if match.start() <= place < match.end())
    leads = place == whole.start() and place + 1 < whole.end()  # where a zero would be dropped by any writer
    digit = chance.choice([item for item in "0123456789"[leads:] if item != text[place]])
    changed = text[:place] + digit + text[place + 1 :]
    before = _value(whole.group())
    after = _value(changed[whole.start() : whole.end()])
    return changed, abs(after - before) / max(abs(before), abs(after))


def _value(number: str) -> float:
    """Commas group thousands here; where they do not, the share of the change is the same."""
    digits = re.sub(r"[^\d.]", "", number.replace(",", ""))
    whole, _, rest = digits.partition(".")
    return float(f"{whole or 0}.{rest.replace('.', '') or 0}")


def other_sign(text: str) -> str | None:
    """The number with its sign turned; None where the text is no lone number, or nothing but zero."""
    lone = text.strip()
    if not _LONE.fullmatch(lone) or not re.search(r"[1-9]", lone):
        return None
    return lone[1:] if lone[0] in "-\u2212" else f"-{lone.lstrip('+')}"


def other_unit(text: str) -> str | None:
    """The text with its unit replaced by another; None where it has none that is known."""
    for unit, other in _UNITS.items():
        pattern = rf"(?<![^\W\d_]){re.escape(unit)}(?![^\W\d_])"
        if re.search(r"\d", text) and re.search(pattern, text):
            return re.sub(pattern, other, text, count=1)
    return None
