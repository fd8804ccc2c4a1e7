"""A list being brought in while the page shows how far it is: in a thread of its own, which no click breaks off."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from core.commands.lists import Looked, import_file
from core.domain.refusal import Refused, Stale
from core.importers.ready import Choices
from core.persistence.store import AlreadyDone, Store, Unavailable
from core.persistence.viewer import Viewer
from core.persistence.work import Work


@dataclass
class Bringing:
    """How far it is, and in the end the batch, or why there is none. One who leaves the page finds it again."""

    filename: str
    draft: tuple[int | None, str] = (None, "")
    """Whose upload it is, and what the address calls it."""
    share: float = 0.0
    batch_id: int | None = None
    trouble: str = ""
    is_stale: bool = False
    """What the list was compared with has changed: it must be looked at again."""
    is_over: bool = False

    def begin(
        self,
        store: Store,
        viewer: Viewer,
        looked: Looked,
        choices: Choices,
        operation: str,
        *,
        remember: Callable[[Work], object] | None = None,
        once_in: Callable[[], None] = lambda: None,
    ) -> "Bringing":
        """Once it is in: `remember` in a unit of work of its own, and `once_in`, whether a page still looks or not."""
        _underway[self.draft] = self
        self._thread = threading.Thread(
            target=self._run,
            args=(store, viewer, looked, choices, operation, remember, once_in),
            name="import",
            daemon=True,
        )
        self._thread.start()
        return self

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(
        self,
        store: Store,
        viewer: Viewer,
        looked: Looked,
        choices: Choices,
        operation: str,
        remember: Callable[[Work], object] | None,
        once_in: Callable[[], None],
    ) -> None:
        try:
            self.batch_id = import_file(store, viewer, looked, choices, self._progress, operation)
            if remember is not None:
                self._remember(store, viewer, remember)
            once_in()
        except Stale as stale:
            self.trouble, self.is_stale = str(stale), True
        except (Refused, Unavailable) as refused:
            self.trouble = str(refused)
        except AlreadyDone:
            self.trouble = "That was done already; the first click counted."
        except Exception:
            logging.getLogger(__name__).exception("an import failed")
            self.trouble = "Something went wrong, and nothing was brought in. The log of the server says what."
        finally:
            self.is_over = True
            _underway.pop(self.draft, None)

    def _remember(self, store: Store, viewer: Viewer, remember: Callable[[Work], object]) -> None:
        """The list is in, whatever becomes of this."""
        try:
            with store.working(viewer) as work:
                remember(work)
        except (Refused, Unavailable):
            logging.getLogger(__name__).warning("how a list was read could not be remembered", exc_info=True)

    def _progress(self, done: int, of: int) -> None:
        self.share = min(done / of, 1.0) if of else 1.0


_underway: dict[tuple[int | None, str], Bringing] = {}


def underway(draft: tuple[int | None, str]) -> Bringing | None:
    """The one begun with this upload and not over: after a reload, or in another tab, it is found by the address."""
    return _underway.get(draft) if draft[1] else None
