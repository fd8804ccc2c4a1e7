"""Two who change the same: the later one is shown both texts, and says which stands with a button made for that.

Pressing "Save" once more does nothing while that is asked: whoever clicks twice has read nothing yet.

    form = Form(f"client-{client.id}", fields={"name": f"client-name-{client.id}"})
    drawn = form.drawn_from(client)
    name = st.text_input("Name", drawn.name, **form.kept("name", drawn.name, f"Name: {client.name}"))
    if form.is_to_save(st.button("Save")):
        actions.act(edit_client, client.id, name, version=form.seen(drawn.version), mine={"name": name}, form=form)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from core.domain.refusal import Saved, Stale
from pages.parts import moment, runtime, state, unsaved, wording
from pages.parts.layout import quiet
from pages.parts.unsaved import Beside
from pages.parts.wording import COLUMNS, md

KEEP_THEIRS, SAVE_MINE = "Keep theirs", "Save mine over it"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both made of it. It stands until it is answered."""

    form: "Form"
    sentence: str
    theirs: Mapping[str, object]
    mine: Mapping[str, object]
    was: Mapping[str, object]
    """What the form was drawn from, where `mine` is only what I have changed."""
    saved: Saved | None
    seen: Any
    """What the command is told by whoever has seen theirs."""
    shown_at: datetime | None = None
    is_answered: bool = False
    """Mine is to be saved over it; the clash is forgotten once that is done."""
    is_to_save: bool = False
    """That was said just now."""

    def value(self, name: str) -> object:
        return self.mine.get(name, self.was.get(name, ""))

    def is_as_it_was(self, name: str) -> bool:
        return name in self.was and name not in self.mine

    def differ(self) -> list[str]:
        """The names of what differs; of all that was typed, if nothing does."""
        names = list(dict.fromkeys((*self.mine, *self.was) if self.was else (*self.theirs, *self.mine)))
        differ = [name for name in names if str(self.value(name) or "") != str(self.theirs.get(name) or "")]
        return differ or [name for name in names if name in self.mine]


@dataclass(frozen=True, slots=True)
class Form:
    """Where something that is stored is written anew, by a name of its own."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """The name under which what stands there is shown → the widget; see `field`."""
    forget: Callable[[], None] | None = None
    """What the page forgets besides, once it is saved or theirs are kept."""
    save: Callable[[], None] | None = None
    """Of a form that is saved by a callback: that callback."""
    leave: Callable[[Any], None] | None = None
    """What the page does besides where theirs are kept; it is told `Stale.seen`."""
    keep_theirs: str = KEEP_THEIRS
    save_mine: str = SAVE_MINE
    whom: int | None = None
    """The person it is about, where it has no fields that say so."""

    def field(self, name: str) -> str:
        """A widget's key. Another one each time what was typed is let go: else the browser would go on showing that."""
        times = _times_let_go().get(self.key, 0)
        return f"{self.fields[name]}-{times}" if times else self.fields[name]

    def kept(self, name: str, drawn: Any, called: str = "", whom: int | None = None) -> dict[str, Any]:
        """What a field is told of itself: what is written there stays until it is saved. The rest: see `unsaved`."""
        return unsaved.kept(self.field(name), called, drawn, whom)

    def drawn_from(self, value: Any) -> Any:
        """What the form was drawn from when somebody began to write in it; until then, `value` as it is stored now."""
        drawn_from = unsaved.beside().get(self.key, Beside(value, self._keys)).value
        if self._clash() is None and not self.is_written():
            if drawn_from != value:
                self._begin_anew()
            drawn_from = value
        unsaved.beside()[self.key] = Beside(drawn_from, self._keys)
        return drawn_from

    def is_written(self) -> bool:
        return any(unsaved.is_written(self.field(name)) for name in self.fields)

    def typed(self, name: str) -> str:
        """What stands in a field; where it has gone, what was typed there."""
        clash = self._clash()
        return str(unsaved.value(self.field(name)) or (clash.mine.get(name, "") if clash else ""))

    def seen(self, drawn: Any) -> Any:
        """What whoever saves has seen: what it was drawn from, or what was shown beside theirs since."""
        clash = self._clash()
        return clash.seen if clash is not None and clash.is_answered else drawn

    def is_asked(self) -> bool:
        """Both are shown, and nobody has said which is to stand."""
        clash = self._clash()
        return clash is not None and not clash.is_answered

    def draw_written(self) -> None:
        """Beside the button that saves it: a way to let go of what was written, also long ago."""
        if self.is_written() and not self.is_asked():
            st.button("Drop the changes", type="tertiary", key=f"drop-{self.key}", on_click=self.let_go)

    def draw_left(self, called: str, ask: Callable[..., None], *args: Any) -> None:
        """On the page, where the dialog it stands in was closed: that it is not saved, and the way back to it."""
        if state.QUESTION in st.session_state or not (self.is_asked() or self.is_written()):
            return
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            why = " Somebody saved it first, and you have not said which is to stand." if self.is_asked() else ""
            st.markdown(f"What you wrote of {called} is not saved yet.{why}", width="stretch")
            way_back = "Look at both" if self.is_asked() else "Go on writing"
            st.button(way_back, key=f"back-to-{self.key}", on_click=ask, args=args)
            st.button("Drop the changes", type="tertiary", key=f"drop-{self.key}", on_click=self.let_go)

    def is_to_save(self, pressed: bool) -> bool:
        """Whether to save now. What is asked is drawn here."""
        clash = self._clash()
        if clash is not None and clash.is_to_save:
            self._note(replace(clash, is_to_save=False))
            return True
        if not self.is_asked():
            return pressed
        if pressed:
            self.say_first()
        self.draw()
        return False

    def say_first(self) -> None:
        st.toast("Nothing was saved: say first which is to stand.")

    def ask(self, stale: Stale, mine: Mapping[str, object], was: Mapping[str, object]) -> None:
        self._note(Clash(self, str(stale), stale.theirs, mine, was, stale.saved, stale.seen))

    def draw(self) -> None:
        """Both, side by side, and the two answers."""
        clash = self._clash()
        if clash is None or clash.is_answered:
            return
        if clash.shown_at is None:
            self._note(replace(clash, shown_at=runtime.store().now()))
        with st.container(border=True, gap="small"):
            st.error(md(clash.sentence))
            if saved := clash.saved:
                store = runtime.store()
                when = wording.moment(saved.at, store.now(), store.calendar)
                st.markdown(quiet(f"{md(saved.by)} saved it {when}."))
            differ = clash.differ()
            for name in differ:
                whose = "not changed by you" if clash.is_as_it_was(name) else "yours"
                self._draw_side_by_side(name, whose, clash)
            if any(map(clash.is_as_it_was, differ)):
                st.markdown(quiet("What you have not changed stays as it was saved meanwhile, whichever you say."))
            with st.container(horizontal=True, gap="small"):
                st.button(self.keep_theirs, key=f"theirs-{self.key}", on_click=self._keep_theirs)
                st.button(self.save_mine, key=f"mine-{self.key}", on_click=self._save_mine)

    def _draw_side_by_side(self, name: str, whose: str, clash: Clash) -> None:
        called = COLUMNS.get(name) or name[:1].upper() + name[1:].replace("_", " ")
        ours, theirs = st.columns(2)
        for place, said, value in (
            (ours, whose, clash.value(name)),
            (theirs, "saved meanwhile", clash.theirs.get(name)),
        ):
            place.markdown(quiet(md(f"{called}, {said}")))
            place.text(str(value or "") or "–")

    def done(self) -> None:
        """It is saved, or let go: it begins anew from what is stored."""
        unsaved.drop([self._clash_key])
        unsaved.beside().pop(self.key, None)
        unsaved.drop(map(self.field, self.fields))
        if self.forget is not None:
            self.forget()

    def let_go(self) -> None:
        """What was typed is not wanted: what is stored stands there instead."""
        clash = self._clash()
        self.done()
        self._begin_anew()
        if self.leave is not None and clash is not None:
            self.leave(clash.seen)

    def _begin_anew(self) -> None:
        """In other fields, or the browser would go on showing what it has."""
        unsaved.drop(map(self.field, self.fields))
        begin_in_others(self.key)

    def _keep_theirs(self) -> None:
        if self._is_answered_in_time():
            self.let_go()
            st.rerun()

    def _save_mine(self) -> None:
        clash = self._clash()
        if clash is None or not self._is_answered_in_time():
            return
        self._note(replace(clash, is_answered=True, is_to_save=self.save is None))
        if self.save is not None:
            self.save()

    def _is_answered_in_time(self) -> bool:
        """By whoever could read it: not by the second press of a double click."""
        clash = self._clash()
        return clash is not None and clash.shown_at is not None and not moment.is_too_quick(clash.shown_at)

    @property
    def _clash_key(self) -> str:
        return f"{state.CLASHES}-{self.key}"

    def _keys(self) -> list[str]:
        return [*map(self.field, self.fields), self._clash_key]

    def _clash(self) -> Clash | None:
        clash: Clash | None = unsaved.value(self._clash_key)
        return clash

    def _note(self, clash: Clash) -> None:
        """It goes with whoever it is about."""
        whom = self.whom or unsaved.whom(self._keys())
        unsaved.put(self._clash_key, clash, whom=whom)


def draw_apart(prefix: str) -> None:
    """Draw what is asked of forms whose key begins so, where the forms themselves may be gone."""
    for key in unsaved.written_in(f"{state.CLASHES}-{prefix}"):
        unsaved.value(key).form.draw()


def begin_in_others(key: str) -> None:
    """The form of that name: in other fields, where they would show what they have though something else is stored."""
    _times_let_go()[key] = _times_let_go().get(key, 0) + 1


def _times_let_go() -> dict[str, int]:
    times: dict[str, int] = st.session_state.setdefault(state.TIMES_LET_GO, {})
    return times
