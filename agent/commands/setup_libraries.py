"""``lookalike setup-libraries``: local copies of the libraries that pages ask CDNs for."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.failures import one_line_failures
from agent.errors import InputError

_SECONDS = 600
"""Time that npm is given: the packages have some 60 MB together."""


def setup_libraries(
    folder: Annotated[
        Path | None, typer.Option(help="Where the copies go; lookalike/libraries in your cache by default.")
    ] = None,
) -> None:
    """Have npm fetch Bootstrap, Tailwind, React, Vue, fonts ... for pages that ask a CDN for them."""
    from renderers.libraries import PACKAGES, default_folder

    place = folder or default_folder()
    with one_line_failures():
        try:
            place.mkdir(parents=True, exist_ok=True)
            command = [
                "npm",
                "install",
                "--prefix",
                str(place),
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
            ]
            done = subprocess.run(
                [*command, *PACKAGES], capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except FileNotFoundError as error:
            raise InputError("npm is not installed; it comes with Node.js (https://nodejs.org)") from error
        except subprocess.TimeoutExpired as error:
            raise InputError(
                f"npm took more than {_SECONDS} s; try again where the network is faster"
            ) from error
        except OSError as error:
            raise InputError(f"{place}: cannot be written ({error.strerror})") from error
        if done.returncode:
            last = next(
                (line for line in reversed(done.stderr.splitlines()) if line.strip()), "no reason given"
            )
            raise InputError(f"npm could not fetch the libraries: {last}")
    typer.echo(f"{len(PACKAGES)} packages in {place}")
