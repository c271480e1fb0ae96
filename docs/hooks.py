"""What `make docs` does to the documents: links to other files of the repository become text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)(?:#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Replace the links of one page.

    Raises:
        FileNotFoundError: A link leads to no file.
    """
    docs = Path(config.docs_dir)
    folder = (docs / page.file.src_uri).parent

    def text(match: re.Match[str]) -> str:
        target = (folder / match[2]).resolve()
        if target.is_relative_to(docs):
            return match[0]
        if not target.exists():
            raise FileNotFoundError(f"{page.file.src_uri}: {match[2]} leads nowhere")
        return match[1]

    return _LINK.sub(text, markdown)
