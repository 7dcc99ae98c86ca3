"""The texts of the starter handbook as they lie in the sources: a file per article and language, its title in the first line.

Pure: knows files, not records.
"""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "data" / "handbook"
COVER = "handbook"  # not an article: name and description of the handbook itself


class Text(NamedTuple):
    """A title (text) and what follows it (HTML)."""

    title: str
    body: str


def read(source: str) -> Text:
    """Return the text of a file.

    >>> read("<h1>My Work</h1>\\n<p>Look here.</p>\\n")
    Text(title='My Work', body='<p>Look here.</p>')
    """
    head, _line, body = source.partition("\n")
    return Text(head.removeprefix("<h1>").removesuffix("</h1>"), body.strip())


def texts() -> dict[str, dict[str, Text]]:
    """Return all texts: dict code of the language → dict name of the file without its suffix → text."""
    return {
        folder.name: {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.html"))}
        for folder in sorted(FOLDER.iterdir()) if folder.is_dir()
    }
