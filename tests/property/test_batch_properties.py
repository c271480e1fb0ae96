"""What holds of results and selections whatever happens to them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.batch.items import Entry, IdSet, Item, number, safe_name
from agent.batch.results import Results
from agent.batch.rows import Row, RowStatus
from agent.batch.selection import Selection, Shard
from agent.batch.sources import Source
from renderers.types import Kind

IDS = st.text(max_size=12)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def row(name: str, index: int, failed: bool = False) -> Row:
    return Row(
        id=name,
        index=index,
        source=f"{name}.png",
        status=RowStatus.FAILED if failed else RowStatus.DONE,
        reward=0.0 if failed else 1.5,
        first_reward=0.0 if failed else 1.25,
    )


def written(out: Path) -> list[Row]:
    return [Row.model_validate_json(line) for line in (out / "results.jsonl").read_bytes().splitlines()]


@st.composite
def some_rows(draw: st.DrawFn) -> list[Row]:
    names = draw(st.lists(IDS, unique=True, min_size=1, max_size=12))
    order = draw(st.permutations(range(len(names))))
    return [row(name, index, draw(st.booleans())) for name, index in zip(names, order, strict=True)]


@given(some_rows(), st.data())
def test_whatever_is_cut_off_only_whole_rows_stay_and_the_missing_ones_are_known(
    made: list[Row], data: st.DataObject
) -> None:
    with folder() as out:
        with closing(Results(out)) as results:
            for item in made:
                results.append(item)
        whole = (out / "results.jsonl").read_bytes()
        cut = data.draw(st.integers(0, len(whole)))
        junk = data.draw(st.sampled_from([b"", b"\0\0\0", b'{"id": "x"', b"\xff\n"]))
        (out / "results.jsonl").write_bytes(whole[:cut] + junk)
        kept = whole[:cut].count(b"\n")
        with closing(Results(out)) as results:
            assert [item.id in results.ids for item in made[:kept]] == [True] * kept
            assert results.totals.items == kept
            for item in made:
                if item.id not in results.ids:
                    results.append(item)
            results.order()
        assert written(out) == sorted(made, key=lambda item: item.index)


@given(some_rows())
def test_order_changes_nothing_but_the_order_and_totals_add_up(made: list[Row]) -> None:
    with folder() as out:
        with closing(Results(out)) as results:
            for item in made:
                results.append(item)
            totals = results.totals.copy()
            results.order()
        with closing(Results(out)) as results:
            assert results.totals == totals
            assert results.mended == 0
        assert written(out) == sorted(made, key=lambda item: item.index)
        assert (totals.done, totals.failed) == (
            sum(item.status is RowStatus.DONE for item in made),
            sum(item.status is RowStatus.FAILED for item in made),
        )


@given(some_rows())
def test_retrying_forgets_failed_rows_and_no_others(made: list[Row]) -> None:
    with folder() as out:
        with closing(Results(out)) as results:
            for item in made:
                results.append(item)
        with closing(Results(out, retry_failed=True)) as results:
            assert results.totals.failed == 0
        assert written(out) == [item for item in made if item.status is RowStatus.DONE]


def source(count: int, kinds: list[Kind | None] | None = None) -> Source:
    """A source of so many entries that have no picture."""

    class Entries(Source):
        def items(self, *, pictures: bool = True) -> Iterator[Item]:
            told = kinds or [None] * count
            return number(Entry(str(place), None, str(place), told[place]) for place in range(count))

    return Entries("numbers", "pictures", Path(), lambda: iter(()))


def indices(chosen: Selection, count: int, kinds: list[Kind | None] | None = None) -> list[int]:
    return [item.index for item in chosen.items(source(count, kinds), lambda item: Kind.PAGE)]


@given(st.integers(0, 60), st.integers(1, 7))
def test_shards_are_all_of_the_source_and_share_nothing(count: int, shards: int) -> None:
    parts = [indices(Selection(shard=Shard(place, shards)), count) for place in range(shards)]
    assert sorted(chain.from_iterable(parts)) == list(range(count))
    assert all(part == sorted(part) for part in parts)


@given(st.integers(0, 60), st.integers(1, 70), st.integers(1, 5))
def test_a_limit_takes_the_first_ones_of_a_shard(count: int, limit: int, shards: int) -> None:
    shard = Shard(0, shards)
    assert (
        indices(Selection(limit=limit, shard=shard), count) == indices(Selection(shard=shard), count)[:limit]
    )


@given(st.integers(0, 60), st.integers(1, 70), st.integers(0, 5))
def test_a_sample_is_the_same_for_a_seed_and_grows_with_its_limit(count: int, limit: int, seed: int) -> None:
    chosen = indices(Selection(limit=limit, seed=seed), count)
    assert chosen == indices(Selection(limit=limit, seed=seed), count)
    assert len(set(chosen)) == len(chosen) == min(limit, count)
    assert set(chosen) <= set(indices(Selection(limit=limit + 3, seed=seed), count))


@given(st.integers(0, 3_000), st.integers(0, 5))
def test_shuffling_loses_nothing(count: int, seed: int) -> None:
    shuffled = indices(Selection(seed=seed), count)
    assert sorted(shuffled) == list(range(count))
    assert shuffled == indices(Selection(seed=seed), count)
    assert count < 50 or shuffled != list(range(count))


@given(st.lists(st.sampled_from([*Kind, None]), max_size=40), st.sets(st.sampled_from(Kind), min_size=1))
def test_kinds_are_those_of_the_source_or_else_those_found_out(
    told: list[Kind | None], kinds: set[Kind]
) -> None:
    chosen = indices(Selection(kinds=frozenset(kinds)), len(told), told)
    assert chosen == [place for place, kind in enumerate(told) if (kind or Kind.PAGE) in kinds]


def test_a_sample_is_fair() -> None:
    """Each of 40 items is drawn about as often as the others over 2,000 samples of 10."""
    counts = [0] * 40
    for seed in range(2_000):
        for index in indices(Selection(limit=10, seed=seed), 40):
            counts[index] += 1
    assert sum(counts) == 20_000
    assert min(counts) > 400 and max(counts) < 600


@given(st.lists(IDS, max_size=200))
def test_a_set_of_ids_is_a_set(names: list[str]) -> None:
    ids, plain = IdSet(), set()
    for name in names:
        assert (name in ids) is (name in plain)
        assert ids.add(name) is (name not in plain)
        plain.add(name)
    assert len(ids) == len(plain)


def test_a_set_of_ids_is_small() -> None:
    ids = IdSet()
    assert all(ids.add(str(place)) for place in range(50_000))
    assert all(str(place) in ids for place in range(50_000)) and "x" not in ids
    assert len(ids._slots) * 8 <= 32 * 50_000


@given(st.lists(st.text(max_size=4), max_size=30))
def test_names_in_a_source_are_unique_and_do_not_depend_on_what_follows(names: list[str]) -> None:
    made = [item.id for item in number(Entry("", None, name) for name in names)]
    assert len(set(made)) == len(names)
    assert made[: len(made) // 2] == [
        item.id for item in number(Entry("", None, name) for name in names[: len(names) // 2])
    ]


@given(st.text(), st.text())
def test_file_names_are_as_different_as_ids(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) is (one == other)
    assert safe_name(one) == safe_name(one).lower()
    assert safe_name(one) not in ("", ".", "..") and "/" not in safe_name(one)
