"""The columns of each export, in Arrow's terms and in those of Hugging Face ``datasets``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyarrow as pa


class Export(StrEnum):
    """What a batch or a run can be made into."""

    SFT = "sft"
    PREFERENCES = "preferences"
    CRITIQUES = "critiques"
    REWARDS = "rewards"


@dataclass(frozen=True, slots=True)
class Form:
    """What a column holds.

    Attributes:
        name: For people.
        arrow: Its type in Parquet.
        feature: Its feature, as ``datasets`` writes it into a file's metadata.
    """

    name: str
    arrow: pa.DataType
    feature: Any


def _value(name: str, arrow: pa.DataType) -> Form:
    return Form(name, arrow, {"dtype": str(arrow).replace("double", "float64"), "_type": "Value"})


def _record(name: str, **parts: Form) -> Form:
    """A list of records. A list stands for a list in the metadata of every version of ``datasets``."""
    fields = pa.struct([(part, form.arrow) for part, form in parts.items()])
    return Form(name, pa.list_(fields), [{part: form.feature for part, form in parts.items()}])


def _list(name: str, form: Form) -> Form:
    return Form(name, pa.list_(form.arrow), [form.feature])


TEXT = _value("text", pa.string())
WHOLE = _value("whole number", pa.int64())
NUMBER = _value("number", pa.float64())
TRUTH = _value("true or false", pa.bool_())
PICTURE = Form("picture", pa.struct([("bytes", pa.binary()), ("path", pa.string())]), {"_type": "Image"})
PICTURES = _list("list of pictures", PICTURE)
MESSAGES = _record("messages", role=TEXT, content=_record("parts", type=TEXT, text=TEXT))
DISCREPANCIES = _record(
    "discrepancies",
    category=TEXT,
    severity=WHOLE,
    location=TEXT,
    description=TEXT,
    box=_list("box", NUMBER),
    agreement=NUMBER,
    source=TEXT,
)

_ABOUT = {"id": TEXT, "kind": TEXT, "language": TEXT}

COLUMNS: dict[Export, dict[str, Form]] = {
    Export.SFT: {
        **_ABOUT,
        "images": PICTURES,
        "messages": MESSAGES,
        "code": TEXT,
        "reward": NUMBER,
        "similarity": NUMBER,
    },
    Export.PREFERENCES: {
        **_ABOUT,
        "images": PICTURES,
        "prompt": MESSAGES,
        "chosen": MESSAGES,
        "rejected": MESSAGES,
        "relation": TEXT,
        "chosen_candidate": WHOLE,
        "rejected_candidate": WHOLE,
        "chosen_code": TEXT,
        "rejected_code": TEXT,
        "chosen_reward": NUMBER,
        "rejected_reward": NUMBER,
        "margin": NUMBER,
        "chosen_similarity": NUMBER,
        "rejected_similarity": NUMBER,
        "rejected_status": TEXT,
    },
    Export.CRITIQUES: {
        "id": TEXT,
        "kind": TEXT,
        "candidate": WHOLE,
        "reference": PICTURE,
        "render": PICTURE,
        "discrepancies": DISCREPANCIES,
        "reward": NUMBER,
        "similarity": NUMBER,
        "critic": TEXT,
    },
    Export.REWARDS: {
        **_ABOUT,
        "candidate": WHOLE,
        "parent": WHOLE,
        "round": WHOLE,
        "reference": PICTURE,
        "render": PICTURE,
        "code": TEXT,
        "status": TEXT,
        "reward": NUMBER,
        "similarity": NUMBER,
        "accepted": TRUTH,
    },
}
"""The columns of each export, in order."""


def arrow_schema(columns: dict[str, Form]) -> pa.Schema:
    """The Parquet schema, with the metadata by which ``datasets`` takes pictures for its ``Image``."""
    features = {name: form.feature for name, form in columns.items()}
    return pa.schema(
        [(name, form.arrow) for name, form in columns.items()],
        metadata={"huggingface": json.dumps({"info": {"features": features}})},
    )


def picture_columns(columns: dict[str, Form]) -> Iterator[tuple[str, bool]]:
    """The columns that hold pictures, and whether they hold a list of them."""
    for name, form in columns.items():
        if form in (PICTURE, PICTURES):
            yield name, form is PICTURES
