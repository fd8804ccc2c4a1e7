"""A document to be read by somebody outside: sections, each with why it is there, and a page of it that stands alone.

Whatever is in it is plain text; `as_html` alone makes markup of it, and escapes all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Pair = tuple[str, str]

STYLE = """
:root { color-scheme: light }
body { font: 17px/1.55 Georgia, "Times New Roman", serif; color: #22241f; background: #fbf9f3;
  max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem }
h2 { font-size: 1.3rem; margin: 2.8rem 0 .1rem }
p { margin: 0 0 .5rem }
a { color: #1d5c4b }
.why, .when, .beside, dt, footer { color: #5f5e57 }
.why { font-style: italic; margin-bottom: 1rem }
nav ol { columns: 2; column-gap: 2rem; margin: .4rem 0 0; padding-left: 1.4rem }
nav li { break-inside: avoid }
section > ol { list-style: none; margin: 0; padding: 0 }
section > ol > li { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0 1.2rem; padding: .55rem 0;
  border-top: 1px solid #e0dbcd }
section > ol > li.undated { grid-template-columns: 1fr }
li p { margin: 0; overflow-wrap: anywhere }
blockquote { margin: .35rem 0; padding-left: .8rem; border-left: 3px solid #cfd8cf; white-space: pre-wrap;
  overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: .1rem 1rem; margin: .25rem 0 }
dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
.when, .beside, dt { font-size: .94em }
footer { margin-top: 3rem; border-top: 1px solid #e0dbcd; padding-top: 1rem }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem }
  nav ol { columns: 1 }
  section > ol > li, dl { grid-template-columns: 1fr }
  dd { margin-bottom: .35rem }
}
@page { size: A4; margin: 18mm 20mm }
@media print {
  body { font-size: 10.5pt; background: #fff; color: #000; max-width: none; padding: 0 }
  a { color: inherit; text-decoration: none }
  h2 { break-after: avoid; margin-top: 8mm }
  .why { break-after: avoid }
  li, blockquote, dl { break-inside: avoid }
  p, blockquote { orphans: 3; widows: 3 }
}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: when, what, the words themselves, what belongs to it, and who noted it."""

    said: str = ""
    when: str = ""
    words: tuple[str, ...] = ()
    """Quoted as they stand, with their line breaks."""
    pairs: tuple[Pair, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    why: str
    """In a sentence: why this is kept."""
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    lead: tuple[str, ...]
    sections: Sequence[Section]
    close: tuple[str, ...]


def as_html(document: Document) -> str:
    """One page that needs nothing else: to be read on a screen or a phone, and printed."""
    names = "".join(
        f'<li><a href="#part-{number}">{escape(section.title)}</a></li>'
        for number, section in enumerate(document.sections, 1)
    )
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(document.title)}</title><style>{STYLE}</style></head><body>",
            f"<header><h1>{escape(document.title)}</h1>{_paragraphs(document.lead)}</header>",
            f"<nav><ol>{names}</ol></nav>",
            *(_section(number, section) for number, section in enumerate(document.sections, 1)),
            f"<footer>{_paragraphs(document.close)}</footer></body></html>",
        ]
    )


def _section(number: int, section: Section) -> str:
    lines = "".join(map(_line, section.lines))
    head = f'<h2>{escape(section.title)}</h2><p class="why">{escape(section.why)}</p>'
    return f'<section id="part-{number}">{head}<ol>{lines}</ol></section>'


def _line(line: Line) -> str:
    when = f'<p class="when">{escape(line.when)}</p>' if line.when else ""
    said = f"<p>{escape(line.said)}</p>" if line.said else ""
    words = "".join(f"<blockquote>{escape(text)}</blockquote>" for text in line.words if text.strip())
    pairs = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in line.pairs if text.strip())
    listed = f"<dl>{pairs}</dl>" if pairs else ""
    beside = f'<p class="beside">{escape(line.beside)}</p>' if line.beside else ""
    begin = "<li>" if when else '<li class="undated">'
    return f"{begin}{when}<div>{said}{words}{listed}{beside}</div></li>"


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
