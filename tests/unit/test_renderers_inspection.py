"""What a script's text shows before it runs."""

import ast

import pytest

from renderers.worker.inspection import inspect


def seen(code: str):
    return inspect(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "import matplotlib.pyplot as plt\nimport numpy as np, pandas as pd",
        "from scipy import stats\nimport seaborn as sns",
        "import os, sys, math, random, json, csv\nfrom pathlib import Path\nfrom datetime import datetime",
        "from mpl_toolkits.mplot3d import Axes3D\nfrom matplotlib.patches import Patch",
        "from . import something",
    ],
)
def test_what_charts_need_is_allowed(code):
    assert seen(code).refused == ()


def test_other_imports_are_named_once_and_in_order():
    assert seen("import requests, torch\nimport requests.adapters\nfrom tensorflow import keras").refused == (
        "requests",
        "torch",
        "tensorflow",
    )


@pytest.mark.parametrize(
    "code",
    [
        "np.random.rand(5)",
        "numpy.random.normal(size=3)",
        "random.random()",
        "rng = np.random.default_rng()",
        "from random import shuffle\nshuffle(x)",
        "os.urandom(3)",
        "uuid.uuid4()",
    ],
)
def test_unseeded_randomness_is_seen(code):
    assert seen(code).unseeded


@pytest.mark.parametrize(
    "code",
    [
        "np.random.seed(0)\nnp.random.rand(5)",
        "rng = np.random.default_rng(42)\nrng.random(3)",
        "random.seed('x')\nrandom.random()",
        "rs = np.random.RandomState(seed=3)\nrs.rand(2)",
        "plt.plot([1, 2])",
    ],
)
def test_seeded_randomness_is_not(code):
    assert not seen(code).unseeded


@pytest.mark.parametrize(
    ("code", "clock"),
    [
        ("datetime.now()", True),
        ("datetime.datetime.utcnow()", True),
        ("datetime.date.today()", True),
        ("time.time()", True),
        ("pd.Timestamp.now()", True),
        ("time.sleep(1)", False),
        ("datetime(2020, 1, 1)", False),
        ("ax.time()", False),
    ],
)
def test_clocks_are_seen(code, clock):
    assert seen(code).clock is clock
