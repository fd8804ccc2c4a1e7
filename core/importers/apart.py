"""The rows of a long list, read in a process of their own while those before are compared."""

import gc
import marshal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context

from core.importers.people import Orders, PeopleFile, Reader, ReadRow, pack, unpack
from core.importers.reading import Record
from core.persistence.bulk import end_with_parent, strokes

LONG = 20_000
"""Rows from which a process, which takes a second to start, is worth it."""
AT_A_STROKE = 500
AHEAD = 24
"""So many strokes are on their way there, or have been read: about as many rows as are compared at a time."""


@contextmanager
def read(file: PeopleFile, orders: Orders) -> Iterator[Iterator[ReadRow]]:
    """Every row of a file, in its order. The process, where there is one, ends with the block."""
    if file.sheet.rows_read < LONG:
        yield file.rows(orders)
        return
    reader = file.reader(orders)
    pool = ProcessPoolExecutor(1, get_context("spawn"), _begin, (reader,))
    try:
        with closing(_rows(pool, reader, file.sheet.records())) as rows:
            yield rows
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _rows(pool: ProcessPoolExecutor, reader: Reader, records: Iterator[Record]) -> Generator[ReadRow, None, None]:
    """Until the process has started, and whenever it has enough to do, rows are read here."""
    has_started = pool.submit(_nothing)
    waiting: deque[Future[bytes] | list[ReadRow]] = deque()
    for some in strokes(records, AT_A_STROKE):
        if _is_there(has_started) and sum(not _is_read(rows) for rows in waiting) < AHEAD:
            waiting.append(pool.submit(_read_there, marshal.dumps([tuple(record) for record in some])))
        else:
            waiting.append(list(map(reader.read, some)))
        while waiting and _is_read(waiting[0]):
            yield from _received(waiting.popleft())
    while waiting:
        yield from _received(waiting.popleft())


def _is_there(has_started: Future[None]) -> bool:
    """Never, where no process may be started: then all of it is read here."""
    return has_started.done() and has_started.exception() is None


def _is_read(rows: Future[bytes] | list[ReadRow]) -> bool:
    return isinstance(rows, list) or rows.done()


def _received(rows: Future[bytes] | list[ReadRow]) -> Iterable[ReadRow]:
    if isinstance(rows, list):
        return rows
    return map(unpack, marshal.loads(rows.result()))  # noqa: S302 - from a process of ours


_reader_there: list[Reader] = []
"""In the process that reads."""


def _begin(reader: Reader) -> None:
    end_with_parent()
    gc.disable()
    _reader_there.append(reader)


def _nothing() -> None:
    """Done as soon as the process is there."""


def _read_there(records: bytes) -> bytes:
    read = _reader_there[0].read
    return marshal.dumps([pack(read(Record(*one))) for one in marshal.loads(records)])  # noqa: S302 - as above
