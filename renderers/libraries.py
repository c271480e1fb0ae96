"""Well-known libraries that pages ask a CDN for, served from local copies: never from the network.

``lookalike setup-libraries`` has npm put them into a folder of the user's cache; a page that asks for one by
the address of a CDN is given the file there. What is not there is refused like every request.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from renderers.files import read_regular

FONTS = ("inter", "roboto", "open-sans", "lato", "noto-sans")
"""Families of Google Fonts, as the packages of Fontsource call them."""

PACKAGES = (
    "@tailwindcss/browser@4",
    "bootstrap@5",
    "react@18",
    "react-dom@18",
    "@babel/standalone@7",
    "vue@3",
    "alpinejs@3",
    "@fortawesome/fontawesome-free@6",
    *(f"@fontsource/{name}@5" for name in FONTS),
)
"""What is set up, as npm is asked for it; React in the last version that has a file for browsers."""

_LARGEST = 20_000_000
"""Bytes of a file that is served: Tailwind's compiler has 0.3 million, a web font 0.1."""

_REGULAR = "400"
_WEIGHTS = re.compile(r"\d{3}")
_FACE = (
    "@font-face {{ font-family: '{family}'; font-style: {style}; font-weight: {weight}; "
    "src: url(https://fonts.gstatic.com/{name}/{file}) format('woff2'); }}"
)
_SCRIPT = re.compile(r"""<script\b[^<>]*\bsrc\s*=\s*["']?(https?:[^"'\s>]+|//[^"'\s>]+)""", re.IGNORECASE)
"""A script that is asked of a server. Beyond its tag nothing is looked for: it would be once for each."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a request is answered with.

    Attributes:
        body: The file.
        mime: Its type.
        told: Which library it is of, in words.
    """

    body: bytes
    mime: str
    told: str


def scripts_of(document: str) -> Iterator[str]:
    """The addresses of the scripts that a document asks a server for."""
    return (found[1] for found in _SCRIPT.finditer(document))


def default_folder() -> Path:
    """Where the copies lie: the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "lookalike" / "libraries"


@dataclass(frozen=True)
class Libraries:
    """The local copies.

    Attributes:
        folder: Where npm put them.
    """

    folder: Path = field(default_factory=default_folder)

    def answer(self, url: str) -> Served | None:
        """What a request for an address is answered with; None where it is refused."""
        address = urlsplit(url if "://" in url else f"https:{url}")
        host = address.hostname or ""
        if address.scheme != "https" or host not in _HOSTS:
            return None
        if host == "fonts.googleapis.com":
            return self._style_of_fonts(parse_qs(address.query).get("family", []))
        for package, path in _HOSTS[host](address.path):
            if found := self._file(package, path):
                return found
        return None

    def has(self, packages: Sequence[str]) -> bool:
        """Whether all of some packages are set up."""
        return all((self.folder / "node_modules" / name / "package.json").is_file() for name in packages)

    def wants_scripts(self, document: str) -> bool:
        """Whether a document asks for a script that is set up, and so is drawn with scripts."""
        return any(self.answer(address) is not None for address in scripts_of(document))

    def _file(self, package: str, path: str) -> Served | None:
        home = self.folder / "node_modules" / package
        try:
            about = json.loads(read_regular(home / "package.json", _LARGEST))
            place = path or _entry(about)
            file = (home / place).resolve()
            if not file.is_relative_to(home.resolve()):
                return None
            body = read_regular(file, _LARGEST)
        except (OSError, ValueError):
            return None
        mime = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return Served(body, mime, f"{package} {about.get('version', '')}".strip())

    def _style_of_fonts(self, families: list[str]) -> Served | None:
        """The style sheet that Google Fonts would answer with, in the files of Fontsource."""
        rules, told = [], []
        for asked in families:
            family, _, axes = asked.partition(":")
            name = family.strip().lower().replace(" ", "-")
            weights = sorted(set(_WEIGHTS.findall(axes.split("@")[-1]))) or [_REGULAR]
            styles = ("normal", "italic") if "ital" in axes else ("normal",)
            for weight in weights:
                for style in styles:
                    file = f"{name}-latin-{weight}-{style}.woff2"
                    if found := self._file(f"@fontsource/{name}", f"files/{file}"):
                        rules.append(
                            _FACE.format(family=family, style=style, weight=weight, name=name, file=file)
                        )
                        told.append(found.told)
        return (
            Served("\n".join(rules).encode(), "text/css", ", ".join(dict.fromkeys(told))) if rules else None
        )


def _entry(about: dict[str, object]) -> str:
    """The file of a package that a CDN answers with where none is named."""
    return str(
        next((about[key] for key in ("jsdelivr", "unpkg", "browser", "main") if about.get(key)), "index.js")
    )


_Places = Iterator[tuple[str, str]]
"""Packages and files in them that an address may mean."""

_NPM = re.compile(r"/(?:npm/)?((?:@[\w.-]+/)?[\w.-]+)(?:@[^/]*)?/?(.*)")
_CDNJS = re.compile(r"/ajax/libs/([\w.-]+)/[^/]+/(.+)")
_BOOTSTRAP = re.compile(r"/(bootstrap|font-awesome)/[^/]+/(.+)")
_AWESOME = re.compile(r"/releases/[^/]+/(.+)")
_CDNJS_NAMES = {
    "twitter-bootstrap": ("bootstrap", "dist/"),
    "bootstrap": ("bootstrap", "dist/"),
    "font-awesome": ("@fortawesome/fontawesome-free", ""),
    "react": ("react", ""),
    "react-dom": ("react-dom", ""),
    "vue": ("vue", "dist/"),
    "alpinejs": ("alpinejs", "dist/"),
}


def _of_npm(path: str) -> _Places:
    if found := _NPM.fullmatch(path):
        yield found[1], found[2]


def _of_cdnjs(path: str) -> _Places:
    if (found := _CDNJS.fullmatch(path)) and found[1] in _CDNJS_NAMES:
        package, below = _CDNJS_NAMES[found[1]]
        yield package, below + found[2]


def _of_bootstrap(path: str) -> _Places:
    if found := _BOOTSTRAP.fullmatch(path):
        package, below = _CDNJS_NAMES[found[1]]
        yield package, below + found[2]


def _of_awesome(path: str) -> _Places:
    if found := _AWESOME.fullmatch(path):
        yield "@fortawesome/fontawesome-free", found[1]


def _of_tailwind(_: str) -> _Places:
    yield "@tailwindcss/browser", ""


def _of_fonts(path: str) -> _Places:
    name, _, file = path.strip("/").partition("/")
    yield f"@fontsource/{name}", f"files/{file}"


_HOSTS: dict[str, Callable[[str], _Places]] = {
    "cdn.jsdelivr.net": _of_npm,
    "unpkg.com": _of_npm,
    "cdnjs.cloudflare.com": _of_cdnjs,
    "stackpath.bootstrapcdn.com": _of_bootstrap,
    "maxcdn.bootstrapcdn.com": _of_bootstrap,
    "netdna.bootstrapcdn.com": _of_bootstrap,
    "use.fontawesome.com": _of_awesome,
    "cdn.tailwindcss.com": _of_tailwind,
    "fonts.googleapis.com": lambda _: iter(()),
    "fonts.gstatic.com": _of_fonts,
}
"""CDNs by their host, each with how its addresses name a package and a file in it."""
