"""How often the kind of a picture is told right.

    python -m benchmarks.kinds FOLDER [--every 1] [--write]

FOLDER holds pictures whose names begin with their kind, as ``benchmarks.kind_pictures`` leaves them.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from pathlib import Path

from benchmarks.results import conclude, table
from critic.reading import Reader
from critic.reading.kind import detect_kind
from renderers.pictures import load_picture


def told(path: Path, reader: Reader) -> str:
    """What a picture is taken for."""
    guess = detect_kind(load_picture(path), reader)
    return "photo" if guess.photo else guess.kind.value


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take one of so many pictures")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    load, reader = os.getloadavg()[0], Reader()
    pictures, right = Counter[str](), Counter[str]()
    for path in sorted(options.folder.glob("*.png"))[:: options.every]:
        kind = path.stem.partition("_")[0]
        found = told(path, reader)
        pictures[kind] += 1
        right[kind] += found == kind
        if found != kind:
            print(f"{path.name}: {found}", flush=True)
    rows = [(kind, count, right[kind] / count) for kind, count in sorted(pictures.items())]
    total = sum(pictures.values())
    body = table(("kind", "pictures", "right"), [*rows, ("all", total, right.total() / total)])
    command = f"kinds {options.folder.name} --every {options.every}"
    conclude("Kinds", command, load, body, write=options.write)


if __name__ == "__main__":
    main()
