"""Writes a tiny Qwen3-VL with random weights: ``python tiny_model.py FOLDER``, in vLLM's environment.

With ``--shapes`` it writes none, and the configuration of an 8B instead of the tiny one, for servers that
fill in weights of their own (``--load-format dummy``): what a model of that size takes of memory and time.

Its words are noise; its files have the layout of a real Qwen3-VL repository, so that chat template, picture
processing, structured outputs and prefix cache of the server that loads it are the real thing. Nothing is
downloaded.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoProcessor, Qwen3VLConfig, Qwen3VLForConditionalGeneration

CONTROL = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
CONTEXT = 32768
WIDTH = 64

TEXT = {
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 64,
}
VISION = {
    "depth": 3,
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_heads": 2,
    "out_hidden_size": WIDTH,
    "deepstack_visual_indexes": [0, 1, 2],
}
TURNS = [12, 10, 10]
"""How the tiny model's rotary positions are shared out over time, height and width."""

TEXT_8B = {
    "hidden_size": 4096,
    "intermediate_size": 12288,
    "num_hidden_layers": 36,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
}
VISION_8B = {
    "depth": 27,
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_heads": 16,
    "out_hidden_size": 4096,
    "deepstack_visual_indexes": [8, 16, 24],
}
TURNS_8B = [24, 20, 20]
WORDS_8B = 151_936
"""Entries of the vocabulary: what Qwen3-VL-8B's configuration says, as all of these."""

WORDS = (
    "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nplt.title('a chart')",
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="5" fill="red"/></svg>',
    "<table><tr><td>one</td><td>two</td></tr></table>",
    '{"structure_error_count": 1, "errors": [{"category": "text_error", "severity": 2, "description": "x"}]}',
    "The picture shows a chart. Answer with the whole program and nothing else. user assistant system",
)

CHAT = """\
{%- macro show(content) -%}
{%- if content is string %}{{ content }}{% else -%}
{%- for part in content -%}
{%- if part.type in ('image', 'image_url') %}<|vision_start|><|image_pad|><|vision_end|>
{%- elif part.type == 'text' %}{{ part.text }}{% endif -%}
{%- endfor -%}{%- endif -%}
{%- endmacro -%}
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ show(message.content) }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif -%}
"""


def write(folder: Path) -> None:
    """All files of the model."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = write_tokenizer(folder)
    write_processors(folder)
    config = configuration(ids, TEXT, VISION, TURNS)
    config.dtype = "float32"
    torch.manual_seed(0)
    Qwen3VLForConditionalGeneration(config).to(torch.float32).eval().save_pretrained(folder)
    write_sampling(folder, ids)
    processor = AutoProcessor.from_pretrained(folder)
    assert processor.tokenizer.decode(processor.tokenizer("a 漢 é").input_ids) == "a 漢 é"


def write_shapes(folder: Path) -> None:
    """All files of a model of 8B but its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = write_tokenizer(folder, WORDS_8B)
    write_processors(folder)
    config = configuration(ids, TEXT_8B, VISION_8B, TURNS_8B)
    config.dtype = "bfloat16"
    config.save_pretrained(folder)
    write_sampling(folder, ids)


def write_tokenizer(folder: Path, words: int = 0) -> dict[str, int]:
    """A byte-level BPE of a few hundred entries; answers the ids of the control tokens.

    Where more are wanted they are filled up with entries that stand in no text.
    """
    tokenizer = Tokenizer(models.BPE())
    split = Regex(r"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(split, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(WORDS * 20, trainer)
    tokenizer.add_special_tokens(list(CONTROL))
    known = tokenizer.get_vocab_size()
    tokenizer.add_tokens([f"\ue000{number}" for number in range(known, words)])
    tokenizer.save(str(folder / "tokenizer.json"))
    ids = {name: tokenizer.token_to_id(name) for name in CONTROL}
    added = {
        str(number): {
            "content": name,
            "lstrip": False,
            "rstrip": False,
            "single_word": False,
            "normalized": False,
            "special": True,
        }
        for name, number in ids.items()
    }
    save(
        folder / "tokenizer_config.json",
        tokenizer_class="Qwen2Tokenizer",
        model_max_length=CONTEXT,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        bos_token=None,
        unk_token=None,
        clean_up_tokenization_spaces=False,
        additional_special_tokens=list(CONTROL[1:]),
        added_tokens_decoder=added,
    )
    (folder / "chat_template.jinja").write_text(CHAT)
    return ids


def write_processors(folder: Path) -> None:
    """Picture and video processing as the real model's files describe it."""
    common: dict[str, Any] = {
        "patch_size": 16,
        "temporal_patch_size": 2,
        "merge_size": 2,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "processor_class": "Qwen3VLProcessor",
    }
    save(
        folder / "preprocessor_config.json",
        image_processor_type="Qwen2VLImageProcessorFast",
        size={"shortest_edge": 65536, "longest_edge": 16777216},
        **common,
    )
    save(
        folder / "video_preprocessor_config.json",
        video_processor_type="Qwen3VLVideoProcessor",
        size={"shortest_edge": 4096, "longest_edge": 25165824},
        **common,
    )


def configuration(
    ids: dict[str, int], text: dict[str, Any], vision: dict[str, Any], turns: list[int]
) -> Qwen3VLConfig:
    """The model's configuration, of these sizes."""
    words = -(-(max(ids.values()) + 1) // 64) * 64
    return Qwen3VLConfig(
        architectures=["Qwen3VLForConditionalGeneration"],
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        tie_word_embeddings=False,
        text_config={
            **text,
            "vocab_size": words if text is TEXT else WORDS_8B,
            "max_position_embeddings": CONTEXT,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 5_000_000.0,
                "mrope_interleaved": True,
                "mrope_section": turns,
            },
            "bos_token_id": ids["<|endoftext|>"],
            "eos_token_id": ids["<|im_end|>"],
        },
        vision_config={
            **vision,
            "patch_size": 16,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "num_position_embeddings": 2304,
        },
    )


def write_sampling(folder: Path, ids: dict[str, int]) -> None:
    """How the model's answers are drawn where nobody says otherwise."""
    save(
        folder / "generation_config.json",
        eos_token_id=[ids["<|im_end|>"], ids["<|endoftext|>"]],
        pad_token_id=ids["<|endoftext|>"],
        do_sample=True,
        temperature=0.7,
    )


def save(path: Path, **values: Any) -> None:
    """As JSON."""
    path.write_text(json.dumps(values, indent=1))


if __name__ == "__main__":
    *mode, target = sys.argv[1:]
    (write_shapes if mode == ["--shapes"] else write)(Path(target))
