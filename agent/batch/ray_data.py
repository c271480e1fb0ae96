"""A batch as a pipeline of Ray Data: one stage reads, a pool of actors refines, one stage writes."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray
import ray.data
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from agent.batch.items import Item
from agent.batch.parcels import unpack
from agent.batch.pending import Pending
from agent.batch.ray_cells import ItemAnswer, Record, Stop, cell, value_of, values_of
from agent.batch.ray_worker import Refiner, Work
from agent.batch.refining import cannot_write
from agent.batch.rows import Row
from agent.documents.region import Region
from agent.errors import InputError
from renderers.errors import PictureError
from renderers.pictures import read_file

_WRITTEN_AHEAD = 4


def refined(pending: Pending, work: Work, workers: int) -> Iterator[Row | Stop]:
    """The rows of the items, each as soon as its item is finished and its files are written.

    What a lost process or machine had is done again by Ray Data, in the process that takes its place.

    Args:
        pending: The items.
        work: What the workers are told.
        workers: How many, where there is room for them.

    Raises:
        Exception: The cluster fails.
    """
    _configure()
    pool = ray.data.ActorPoolStrategy(
        size=workers,  # one that may shrink ends a worker that is idle for a moment, and starts no other
        max_tasks_in_flight_per_actor=work.jobs.most,
        max_concurrent_calls_per_actor=work.jobs.most,
    )
    one = ray.data.ActorPoolStrategy(size=1, max_tasks_in_flight_per_actor=_WRITTEN_AHEAD)
    here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
    rows = (
        ray.data.read_datasource(Items(pending, work, workers), override_num_blocks=1, num_cpus=0)
        .map(Refiner, fn_constructor_args=(ray.put(work),), compute=pool, num_cpus=1)
        .map(Writer, fn_constructor_args=(work.out,), compute=one, num_cpus=0, label_selector=here)
    )
    for block in rows.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
        yield from values_of(block)


def _configure() -> None:
    """Each item for itself, so that it is told when it is done; and nothing is printed."""
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", "The minimum number of concurrent actors", UserWarning)
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = 1
    context.max_consecutive_actor_init_deaths = 3
    context.enable_progress_bars = False
    context.print_on_execution_start = False


class Items(Datasource):  # type: ignore[misc]
    """The items of a batch as a source of Ray Data.

    One task reads them, on the driver's machine, and no further ahead than the workers go: ids, order, sample
    and shards are those of the whole source.
    """

    def __init__(self, pending: Pending, work: Work, workers: int) -> None:
        """Keep what the task needs where it finds it; attributes as those of ``refined``."""
        super().__init__()
        ahead = 2 * workers * work.jobs.most
        self._read = partial(_read, ray.put(pending), Path.cwd(), work.desk, ahead)

    @property
    def supports_distributed_reads(self) -> bool:
        """It is read where the driver is."""
        return False

    def estimate_inmemory_data_size(self) -> int | None:
        """Not known without reading all of it."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        """The one task."""
        metadata = BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None)
        return [ReadTask(self._read, metadata)]


def _read(pending: Any, folder: Path, desk: Any, ahead: int) -> Iterator[pa.Table]:
    """The items, a block each; paths hold as they do in the driver's working directory.

    Ray Data alone would read on for as long as there is room for pictures in the cluster's memory.
    """
    with chdir(folder):
        try:
            for number, item in enumerate(ray.get(pending)):
                ray.get(desk.wanted.remote(number, ahead))
                yield pa.Table.from_pylist([cell(_with_picture(item))])
        except InputError as error:
            yield pa.Table.from_pylist([cell(Stop(error))])


def _with_picture(item: Item) -> Item:
    """The item with its picture's content: a path may mean nothing on another machine."""
    if not isinstance(item.picture, Path | Region):
        return item
    try:
        if isinstance(item.picture, Region):
            return replace(item, picture=replace(item.picture, held=item.picture.load()))
        return replace(item, picture=read_file(item.picture, str(item.picture)))
    except (PictureError, InputError) as error:
        return replace(item, picture=None, fault=str(error))


class Writer:
    """A stage of the pipeline, in one process on the driver's machine."""

    def __init__(self, out: Path) -> None:
        """Choose where to.

        Args:
            out: The batch's folder.
        """
        self._out = out

    def __call__(self, record: Record) -> Record:
        """Put a run that came as bytes into the batch's folder; what is left is its row."""
        answer: ItemAnswer | Stop = value_of(record)
        if isinstance(answer, Stop):
            return record
        row = answer.row
        if answer.files:
            try:
                unpack(answer.files, Item(row.id, row.index, row.source, None), self._out)
            except OSError as error:
                return cell(Stop(cannot_write(self._out, error)))
        return cell(row)
