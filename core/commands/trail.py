"""What is put on record though nothing was changed."""

from core.persistence.work import Work


def note_page_refused(work: Work, page: str) -> None:
    """Somebody asked for a page that is not for them."""
    work.note("page refused", "page", page=page)


def note_export(work: Work, what: str, rows: int) -> None:
    """A list left Perennial as a file: of what, and how much of it."""
    work.note("list exported", "list", what=what, rows=rows)
