"""Does the loop help? First draft, best-of-N, reflection and both, each with the same number of candidates.

    python -m benchmarks.equal_spend OUT --pictures FOLDER --wild FOLDER --pairs PAIRS [--spend 4] [--most 3]

FOLDER of pictures holds a folder a kind, that of the wild an ``index.json``, PAIRS is a file that ``lookalike
corrupt`` wrote, of which the references are taken, with their code as the truth. Of each kind of each source
``--most`` pictures are taken, evenly. The runs stay in OUT, and what is there is not run again. They are
measured as by ``lookalike eval``. The pixel critic steers and SSIM breaks its ties, so that GMSD and what is
measured of the code are the ones to look at.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent import RefinementAgent
from agent.evaluation import LOWER_IS_BETTER, Measured, evaluate, interval
from agent.processes import Workplace
from agent.settings import Settings
from benchmarks.policies import policies
from benchmarks.results import conclude, table
from graph import Search
from renderers.types import Kind

WAYS = {"best_of_n": "best of N", "reflect": "reflection", "best draft, then reflect": "both"}
"""What the policies of ``benchmarks.policies`` are called here."""

TRUTHS, _ENDINGS = "truths", {Kind.CHART: ".py", Kind.SVG: ".svg"}


@dataclass(frozen=True)
class Picture:
    """One picture to reproduce.

    Attributes:
        name: Of its runs.
        file: The picture.
        kind: What it shows.
        truth: The code that it was made from, and how its file's name ends; None where that is not known.
    """

    name: str
    file: Path
    kind: Kind
    truth: tuple[str, str] | None = None


def of_folder(folder: Path) -> Iterator[Picture]:
    """Pictures in a folder a kind, with the truths of tables."""
    for kind in Kind:
        for file in sorted((folder / kind.value).glob("*.png")):
            held = file.with_suffix(".html")
            truth = (held.read_text("utf-8"), ".html") if held.exists() else None
            yield Picture(file.stem, file, kind, truth)


def of_wild(folder: Path) -> Iterator[Picture]:
    """Pictures that an index names."""
    for row in json.loads((folder / "index.json").read_text("utf-8")):
        yield Picture(f"wild_{Path(row['picture']).stem}", folder / row["picture"], Kind(row["kind"]))


def of_pairs(file: Path) -> Iterator[Picture]:
    """References of pairs, each source's once."""
    seen = set()
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["source"] in seen:
            continue
        seen.add(row["source"])
        kind = Kind(row["category"])
        code = row["gt_code"]
        truth = None if code.startswith("{") else (code, _ENDINGS.get(kind, ".html"))
        yield Picture(f"pair_{row['id']}", file.parent / row["gt_img_path"], kind, truth)


def sample(pictures: Iterator[Picture], most: int) -> list[Picture]:
    """Evenly chosen ones of each kind."""
    by_kind = defaultdict(list)
    for picture in pictures:
        by_kind[picture.kind].append(picture)
    return [
        picture for found in by_kind.values() for picture in found[:: max(1, -(-len(found) // most))][:most]
    ]


async def run_all(pictures: list[Picture], spend: int, out: Path) -> None:
    """Every way on every picture; a run that is there and has ended is kept."""
    ways = {WAYS[policy.name]: policy.search for policy in policies(spend) if policy.name in WAYS}
    (out / TRUTHS).mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        if picture.truth is not None:
            (out / TRUTHS / f"{picture.name}{picture.truth[1]}").write_text(picture.truth[0], "utf-8")
        for way, search in ways.items():
            await _run(picture, search, out / way / picture.name)
            print(f"{picture.name}: {way}", flush=True)


async def _run(picture: Picture, search: Search, folder: Path) -> None:
    if (folder / "run.json").exists():
        return
    unfinished = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    async with RefinementAgent() as agent:
        done = await agent.arefine(picture.file, kind=picture.kind, out=unfinished, search=search)
    done.folder.rename(folder)


async def measure_all(out: Path) -> dict[str, dict[str, Measured]]:
    """The measures of all runs, by way and picture."""
    place = Workplace(Settings())
    try:
        return {
            way: {run.name: run for run in (await evaluate(out / way, out / TRUTHS, place)).runs}
            for way in WAYS.values()
        }
    finally:
        await place.aclose()


def report(found: dict[str, dict[str, Measured]]) -> str:
    """A row a kind and measure: the mean of the first drafts, and by how much each way is better."""
    pictures = sorted(set.intersection(*(set(runs) for runs in found.values())))
    reflected = found["reflection"]
    rows = []
    for kind in Kind:
        names = [name for name in pictures if reflected[name].kind is kind]
        for measure in dict.fromkeys(measure for name in names for measure in reflected[name].first):
            having = [name for name in names if measure in reflected[name].first]
            first = np.array([reflected[name].first[measure] for name in having])
            sign = -1.0 if measure in LOWER_IS_BETTER else 1.0
            gains = [
                sign * (np.array([found[way][name].best[measure] for name in having]) - first)
                for way in WAYS.values()
            ]
            rows.append((kind.value, measure, len(having), float(first.mean()), *map(_told, gains)))
    head = ("kind", "measure", "pictures", "first draft", *(f"{way}, better by" for way in WAYS.values()))
    return table(head, rows)


def _told(gains: np.ndarray) -> str:
    low, high = interval(gains)
    return f"{gains.mean():+.4f} ({low:+.4f}..{high:+.4f})"


def main() -> None:
    """Run, measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--wild", type=Path)
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    parser.add_argument("--spend", type=int, default=4)
    parser.add_argument("--most", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    sources = [of_folder(given.pictures)] if given.pictures else []
    sources += [of_wild(given.wild)] if given.wild else []
    sources += [of_pairs(file) for file in given.pairs]
    pictures = [picture for source in sources for picture in sample(source, given.most)]
    asyncio.run(run_all(pictures, given.spend, given.out))
    body = report(asyncio.run(measure_all(given.out)))
    note = (
        f"At most {given.spend} candidates a picture; in brackets 95% intervals, by resampling the pictures."
    )
    options = " ".join(f"--{name} {name.upper()}" for name in ("pictures", "wild", "pairs"))
    command = f"equal_spend OUT {options} --spend {given.spend} --most {given.most}"
    conclude("First draft, best of N, reflection", command, load, f"{note}\n\n{body}", write=given.write)


if __name__ == "__main__":
    main()
