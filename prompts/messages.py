"""Chat messages of text and pictures, and text from outside made harmless for chat templates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from prompts.pictures import Picture

Part = str | Picture

_SPECIAL = re.compile(
    r"<(?=[|\uff5c][^<>|\uff5c\n]{1,60}[|\uff5c]>)"  # <|im_end|> and its like; DeepSeek's bar is full-width
    r"|<(?=/?(?:start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token|s|bos|eos|pad|unk)>)"
    r"|<(?=/?(?:img|image|IMG_CONTEXT|img_context|think|tool_call|tool_calls|tool_response|tools)>)"
    # names with an underscore or a colon are of no HTML: <im_end>, <row_1_col_2>, <seed:think>
    r"|<(?=/?[A-Za-z]{1,20}(?:[_:][A-Za-z0-9]{1,20}){1,5}>)|<(?=(?:loc|seg|unused)[0-9]{1,4}>)"
    r"|<(?=/?(?:sop|eop|ref|box|quad|answer|global-img)>)"
    r"|<(?=</?SYS>>)|\[(?=(?:gMASK|sMASK|MASK|CLS|SEP|AUDIO|BEGIN_AUDIO|TRANSCRIBE)\])"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|IMG|IMG_BREAK|IMG_END|THINK|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS"
    r"|TOOL_CONTENT|CALL_ID|ARGS|PREFIX|MIDDLE|SUFFIX)\])"
)


def neutralise(text: str) -> str:
    """Break up a model's control tokens in text that comes from outside.

    A server's tokenizer turns ``<|im_end|>`` inside plain text into the real end of the message. A space
    after the first character leaves the text readable and takes that power from it.
    """
    return _SPECIAL.sub(lambda match: f"{match.group()} ", text)


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; a tuple of parts keeps the order of text and pictures."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Part, ...]

    def wire(self) -> dict[str, Any]:
        """The message as the OpenAI protocol writes it."""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return {"role": self.role, "content": self.parts[0]}
        return {"role": self.role, "content": [_wire_part(part) for part in self.parts]}

    def token_bound(self) -> int:
        """More tokens than the message can take: a byte-level tokenizer never needs more than one a byte."""
        return 16 + sum(_bound(part) for part in self.parts)


def _wire_part(part: Part) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    detail = {"detail": part.detail} if part.detail else {}
    return {"type": "image_url", "image_url": {"url": part.url, **detail}}


def _bound(part: Part) -> int:
    if isinstance(part, str):
        return len(part.encode("utf-8", "replace"))
    side = 28  # the smallest patch of the current models that is worth a token; Qwen3-VL's is 32
    return 96 + (part.width // side + 1) * (part.height // side + 1)
