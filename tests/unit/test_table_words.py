"""What OCR commonly makes wrong of a text, given back to be compared with the picture's letters."""

from __future__ import annotations

import pytest

from agent.generators.embedded.table_words import variants


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("-0.88", "\u22120.88"),
        ("2019-2021", "2019\u20132021"),
        ("4\u00d7Mug", "4 \u00d7 Mug"),
        ("80.2\u00b10.1", "80.2 \u00b1 0.1"),
        ("$11,230", "$ 11,230"),
    ],
)
def test_lost_spaces_and_other_dashes_are_among_the_variants(read: str, meant: str) -> None:
    assert meant in variants(read)


def test_a_text_is_no_variant_of_itself() -> None:
    assert all(other != "plain text" for other in variants("plain text"))
