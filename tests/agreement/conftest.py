"""A fresh store for every example, so that one that fails can be told in its shortest form."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest

from core.persistence.store import Store
from tests.make import FixedClock, a_store


@pytest.fixture(params=["sqlite", "postgresql"])
def new_store(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], AbstractContextManager[tuple[Store, FixedClock]]]:
    numbers = count(1)

    @contextmanager
    def made() -> Iterator[tuple[Store, FixedClock]]:
        clock = FixedClock()
        lent = _sqlite(request, tmp_path / f"{next(numbers)}.db") if request.param == "sqlite" else _postgres(request)
        for url in lent:
            with a_store(url, clock) as store:
                yield store, clock

    return made


def _sqlite(request: pytest.FixtureRequest, path: Path) -> Iterator[str]:
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    yield f"sqlite:///{path}"
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def _postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from request.getfixturevalue("migrated_postgres").lent()
