"""What fits into a GPU's memory: weights, work space, and the KV cache of one whole context."""

from __future__ import annotations

from dataclasses import dataclass

_WEIGHTS_GIB = 16.4
"""Qwen3-VL-8B in bfloat16: 8.77 billion parameters, two bytes each."""

_FP8_WEIGHTS_GIB = 10.2
"""The same with the layers' matrices in FP8; embeddings, output and vision tower (1.9 billion) are not."""

_WORKING_GIB = 2.6
"""Activations of 2,048 tokens at a time, the vision tower on two pictures of 1,280 x 1,280, CUDA graphs."""

_KV_GIB_PER_TOKEN = 2 * 36 * 8 * 128 * 2 / 2**30
"""Keys and values of 36 layers with 8 heads of 128 in bfloat16, two bytes each; half of that in FP8."""

LEAST_CONTEXT = 16_384
"""Two pictures at 1,600 tokens each, a prompt, a program and an answer of 8,192 tokens."""

_STEP = 1_024


@dataclass(frozen=True, slots=True)
class Fit:
    """A way to fit a server in.

    Attributes:
        context: Tokens of the longest prompt and answer together.
        flags: What ``vllm serve`` must be told beyond that.
    """

    context: int
    flags: tuple[str, ...] = ()


_FP8_WEIGHTS = ("--quantization", "fp8")
_FP8_KV = ("--kv-cache-dtype", "fp8")
_WAYS: tuple[tuple[float, float, tuple[str, ...]], ...] = (
    (_WEIGHTS_GIB, 1.0, ()),
    (_FP8_WEIGHTS_GIB, 1.0, _FP8_WEIGHTS),
    (_FP8_WEIGHTS_GIB, 0.5, (*_FP8_WEIGHTS, *_FP8_KV)),
)
"""Weights, share of the KV cache's bytes, flags; what costs least quality first."""


def fitting(gib: float, context: int) -> Fit | None:
    """The first way in which one whole context fits; a shorter context before nothing at all; else None.

    Args:
        gib: What the server may use.
        context: Tokens wanted.
    """
    for weights, share, flags in _WAYS:
        if _tokens(gib, weights, share) >= context:
            return Fit(context, flags)
    weights, share, flags = _WAYS[-1]
    most = _tokens(gib, weights, share) // _STEP * _STEP
    return Fit(most, flags) if most >= LEAST_CONTEXT else None


def _tokens(gib: float, weights: float, share: float) -> int:
    """Tokens whose keys and values find room beside the weights."""
    return int(max(0.0, gib - weights - _WORKING_GIB) / (_KV_GIB_PER_TOKEN * share))
