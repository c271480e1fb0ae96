"""The reward through the trainers' own code; opt-in, where they are installed (``make test-trainers``)."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import types

import numpy as np
import pytest

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LOOKALIKE_TEST_TRAINERS"), reason="make test-trainers"),
    pytest.mark.filterwarnings("ignore"),
]

SVG = (
    '```svg\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    '<rect x="20" y="20" width="50" height="50" fill="#d33"/></svg>\n```'
)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    from renderers.pictures import encode_png

    image = np.full((100, 100, 3), 255, np.uint8)
    image[20:70, 20:70] = (0xDD, 0x33, 0x33)
    file = tmp_path_factory.mktemp("reference") / "a.png"
    file.write_bytes(encode_png(image))
    yield file
    from agent.rewards import shared

    shared.close()


@pytest.fixture(scope="module")
def loop():
    """One for all: rate_limited keeps a semaphore of its first loop in its class."""
    made = asyncio.new_event_loop()
    yield made
    made.close()


class Tokenizer:
    """Letters as tokens."""

    def decode(self, ids, skip_special_tokens=True):
        return "".join(chr(int(value)) for value in ids if int(value))


def sample(text, reference):
    import torch
    from verl import DataProto

    ids = torch.tensor([[ord(letter) for letter in text]])
    return DataProto.from_dict(
        tensors={"responses": ids, "attention_mask": torch.ones_like(ids)},
        non_tensors={
            "data_source": np.array(["icons"], dtype=object),
            "reward_model": np.array([{"ground_truth": str(reference)}], dtype=object),
            "extra_info": np.array([{"kind": "svg"}], dtype=object),
        },
    )


@pytest.mark.parametrize("manager", ["naive", "rate_limited"])
@pytest.mark.parametrize("function", ["compute_score", "acompute_score"])
def test_verl(manager, function, reference, loop):
    from omegaconf import OmegaConf
    from verl.experimental.reward_loop.reward_manager import get_reward_manager_cls

    # by its path, as reward.custom_reward_function.path has it
    spec = importlib.util.find_spec("agent.rewards.verl")
    loaded = importlib.util.spec_from_file_location("custom_module", spec.origin)
    module = importlib.util.module_from_spec(loaded)
    loaded.loader.exec_module(module)
    config = OmegaConf.create({"reward": {}, "reward_model": {}})

    async def run():
        made = get_reward_manager_cls(manager)(config, Tokenizer(), getattr(module, function))
        made.loop = asyncio.get_running_loop()
        texts = (SVG, "no code")
        return await asyncio.gather(*(made.run_single(sample(text, reference)) for text in texts))

    good, bad = loop.run_until_complete(run())
    assert (good["reward_score"], bad["reward_score"]) == (2.0, 0.0)
    assert (
        good["reward_extra_info"].keys() == bad["reward_extra_info"].keys()
        and len(good["reward_extra_info"]) > 5
    )


def test_trl(reference):
    import torch
    from accelerate import PartialState
    from trl import GRPOTrainer

    from agent.rewards.trl import lookalike_reward

    PartialState(cpu=True)  # what the trainer's own constructor begins with
    logged = {}
    trainer = types.SimpleNamespace(
        accelerator=types.SimpleNamespace(device="cpu", gather=lambda value: value, is_main_process=True),
        reward_funcs=[lookalike_reward],
        reward_func_names=["lookalike_reward"],
        reward_processing_classes=[None],
        state=types.SimpleNamespace(global_step=1),
        args=types.SimpleNamespace(report_to=[]),
        environments=None,
        model=types.SimpleNamespace(training=True),
        _env_reward_types=[],
        _log_completion_extra=lambda *a, **k: None,
        _log_metric=logged.__setitem__,
        _current_train_step_time=0.0,
        _metrics={"train": {}, "eval": {}},
    )
    inputs = [
        {"prompt": "p", "reference": str(path), "kind": "svg"} for path in (reference, reference, "gone.png")
    ]
    rewards = GRPOTrainer._calculate_rewards(trainer, inputs, ["p"] * 3, [SVG, "no code", SVG], [[1]] * 3)
    assert rewards[:2, 0].tolist() == [2.0, 0.0] and bool(torch.isnan(rewards[2, 0]))
