"""Levels, policies, and the system call filter as a program."""

import pytest

from renderers.isolation import Layer, Level, Policy, level_of, probe


def test_all_layers_are_full():
    assert level_of(Layer) is Level.FULL


@pytest.mark.parametrize("wall", [Layer.NAMESPACES, Layer.LANDLOCK])
def test_a_filter_and_a_wall_around_files_are_partial(wall):
    assert level_of({Layer.SECCOMP, wall, Layer.LIMITS}) is Level.PARTIAL


@pytest.mark.parametrize(
    "layers", [set(), {Layer.LIMITS}, {Layer.SECCOMP, Layer.LIMITS}, {Layer.NAMESPACES, Layer.LANDLOCK}]
)
def test_less_is_none(layers):
    assert level_of(layers) is Level.NONE


@pytest.mark.parametrize("required", [None, *Level])
@pytest.mark.parametrize("layers", [frozenset(Layer), frozenset(), frozenset({Layer.SECCOMP})])
def test_a_policy_survives_the_command_line(required, layers):
    policy = Policy(required, layers)
    assert Policy.from_argument(policy.to_argument()) == policy


def test_code_is_refused_below_the_level_asked_for():
    assert Policy(Level.FULL).refusal({Layer.SECCOMP, Layer.LANDLOCK}) == (
        "isolation level full is asked for and this machine offers partial"
    )
    assert Policy(Level.PARTIAL).refusal(Layer) == ""
    assert Policy(None).refusal(()) == ""


def test_the_probe_says_of_each_layer_whether_it_stands_and_why_not():
    report = probe()
    assert [entry.layer for entry in report.layers] == list(Layer)
    assert all(entry.active or entry.why for entry in report.layers)
    assert report.level is level_of([entry.layer for entry in report.layers if entry.active])


def test_the_probe_tells_what_is_switched_off():
    report = probe(Policy(layers=frozenset({Layer.LIMITS})))
    assert report.level is Level.NONE
    assert {entry.why for entry in report.layers if not entry.active} == {"switched off"}
