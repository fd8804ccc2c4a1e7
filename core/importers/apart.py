"""The rows of a long list, read in a process of their own while those before are compared.

What it has read comes back in files. A pipe holds sixty-four kilobytes: the process would wait for this one to take the
rest out of it, and this one, which is busy comparing, gets round to that only every few milliseconds.
"""

import gc
import marshal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

from core.importers.people import Orders, PeopleFile, Reader, ReadRow, pack, unpack
from core.importers.reading import Record
from core.persistence.bulk import end_with_parent, processes, strokes
from core.persistence.folders import own_folder, put_away

LONG = 20_000
"""Rows from which a process, which takes a second to start, is worth it."""
AT_A_STROKE = 500
AHEAD = 48
"""So many strokes are on their way there, or have been read: as many rows as are compared at a time, and some."""


@contextmanager
def read(file: PeopleFile, orders: Orders) -> Iterator[Iterator[ReadRow]]:
    """Every row of a file, in its order. The process, where there is one, ends with the block."""
    if file.sheet.rows_read < LONG:
        yield file.rows(orders)
        return
    reader = file.reader(orders)
    folder = own_folder()
    pool = processes(1, _begin, (reader,))
    try:
        with closing(_rows(pool, reader, file.sheet.records(), folder)) as rows:
            yield rows
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        put_away(folder)


def _rows(
    pool: ProcessPoolExecutor, reader: Reader, records: Iterator[Record], folder: Path
) -> Generator[ReadRow, None, None]:
    """Until the process has started, and whenever it has enough to do, rows are read here."""
    has_started = pool.submit(_nothing)
    waiting: deque[Future[Path] | list[ReadRow]] = deque()
    try:
        for number, some in enumerate(strokes(records, AT_A_STROKE)):
            if _is_there(has_started) and sum(not _is_read(rows) for rows in waiting) < AHEAD:
                told = marshal.dumps([tuple(record) for record in some])
                waiting.append(pool.submit(_read_there, told, folder / str(number)))
            else:
                waiting.append(list(map(reader.read, some)))
            while waiting and _is_read(waiting[0]):
                yield from _received(waiting.popleft())
        while waiting:
            yield from _received(waiting.popleft())
    finally:  # nothing is written any more once the folder is to go
        wait([rows for rows in waiting if isinstance(rows, Future) and not rows.cancel()])


def _is_there(has_started: Future[None]) -> bool:
    """Never, where no process may be started: then all of it is read here."""
    return has_started.done() and has_started.exception() is None


def _is_read(rows: Future[Path] | list[ReadRow]) -> bool:
    return isinstance(rows, list) or rows.done()


def _received(rows: Future[Path] | list[ReadRow]) -> Iterable[ReadRow]:
    if isinstance(rows, list):
        return rows
    file = rows.result()
    packed = file.read_bytes()
    file.unlink()
    return map(unpack, marshal.loads(packed))  # noqa: S302 - from a process of ours


_reader_there: list[Reader] = []
"""In the process that reads."""


def _begin(reader: Reader) -> None:
    end_with_parent()
    gc.disable()
    _reader_there.append(reader)


def _nothing() -> None:
    """Done as soon as the process is there."""


def _read_there(records: bytes, into: Path) -> Path:
    read = _reader_there[0].read
    into.write_bytes(marshal.dumps([pack(read(Record(*one))) for one in marshal.loads(records)]))  # noqa: S302 - as above
    return into
