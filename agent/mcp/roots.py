"""Which files may be read and written: those under the roots that the client or the command names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import ListRoots, Resolve
from mcp_types import ListRootsResult

OUT = "lookalike-out"
"""Folder under the first root for what is made where no other is named."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders; nothing outside of them is touched.

    Attributes:
        folders: Absolute, links resolved; the first is where relative paths start. At least one.
    """

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, folders: Iterable[Path]) -> Roots:
        """The folders that there are; the working folder where there is none."""
        found = tuple(dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()))
        return cls(found or (Path.cwd().resolve(),))

    def path(self, name: str) -> Path:
        """A path under a root, whether there is something or not.

        Raises:
            ToolError: It leads out of the roots.
        """
        try:
            path = (self.folders[0] / name).resolve()
        except (OSError, ValueError) as error:
            raise ToolError(f"{name!r} is no path") from error
        if not any(path.is_relative_to(folder) for folder in self.folders):
            allowed = ", ".join(map(str, self.folders))
            raise ToolError(f"{name} is outside of the allowed folders ({allowed}); add one with --root")
        return path

    def file(self, name: str) -> Path:
        """A file under a root.

        Raises:
            ToolError: There is none, or it is not to be read.
        """
        path = self.path(name)
        if not path.is_file():
            raise ToolError(f"{name}: no such file under {self.folders[0]}")
        return path

    def out(self, name: str | None, usual: str) -> Path:
        """Where to write: the folder that is named, else one of ours under the first root."""
        return self.path(name or str(Path(OUT) / usual))


def client_roots(ctx: Context) -> ListRootsResult | ListRoots:
    """What the client says are its roots, where it can say so."""
    capabilities = ctx.client_capabilities
    asks = capabilities is not None and capabilities.roots is not None
    return ListRoots() if asks else ListRootsResult(roots=[])


ClientRoots = Annotated[ListRootsResult, Resolve(client_roots)]
"""Type of a tool's parameter that the client's roots come in by."""


def local_folders(said: ListRootsResult) -> list[Path]:
    """The client's roots as paths; those that are no files of this machine are left out."""
    parts = [urlsplit(str(root.uri)) for root in said.roots]
    return [
        Path(unquote(part.path))
        for part in parts
        if part.scheme == "file" and part.hostname in (None, "localhost")
    ]
