"""The command's first step, in a module that nobody mistakes for theirs: is the package ``agent`` ours?

The other packages are looked at by ``agent.layout``, which cannot say that ``agent`` itself is hidden.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

_OURS = Path(__file__).resolve().parent / "agent"


def main() -> None:
    """Run the command, or say what is in its way and end with exit code 2."""
    found = find_spec("agent")
    places = [found.origin or "", *(found.submodule_search_locations or ())] if found else []
    places = [place for place in places if place]
    if _OURS not in [Path(place).resolve() for place in places]:
        hidden = f"{places[0]} hides our package 'agent'" if places else "our package 'agent' is missing"
        print(  # noqa: T201 -- nothing of ours can be imported
            f"lookalike: {hidden}, which belongs in {_OURS.parent}; rename or move it if it is yours, else "
            "install lookalike in a virtual environment of its own, with PYTHONPATH unset",
            file=sys.stderr,
        )
        raise SystemExit(2)
    from agent.cli import run

    run()


if __name__ == "__main__":
    main()
