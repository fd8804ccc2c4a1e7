"""Two who change the same: the later one is shown both texts, and says which stands with a button made for that.

Pressing "Save" once more does nothing while that is asked: whoever clicks twice has read nothing yet.

    form = Form(f"client-{client.id}", fields={"name": f"client-name-{client.id}"})
    drawn = form.drawn_from(client)
    name = st.text_input("Name", form.begun("name", drawn.name), key=form.field("name"))
    if form.is_to_save(st.button("Save")):
        actions.act(edit_client, client.id, name, version=form.seen(drawn.version), mine={"name": name}, form=form)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import streamlit as st

from core.domain.refusal import Stale
from pages.parts import moment, runtime, state
from pages.parts.layout import quiet
from pages.parts.wording import COLUMNS, md

KEEP_THEIRS, SAVE_MINE = "Keep theirs", "Save mine over it"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both made of it. It stands until it is answered."""

    form: "Form"
    sentence: str
    theirs: Mapping[str, object]
    mine: Mapping[str, object]
    seen: Any
    """What the command is told by whoever has seen theirs."""
    shown_at: datetime | None = None
    is_answered: bool = False
    """Mine is to be saved over it; the clash is forgotten once that is done."""
    is_to_save: bool = False
    """That was said just now."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where something that is stored is written anew, by a name of its own."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """Its fields of text: the name under which what was typed is shown → the widget; see `field`."""
    forget: Callable[[], None] | None = None
    """What the page forgets besides, once it is saved or theirs are kept."""
    save: Callable[[], None] | None = None
    """Of a form that is saved by a callback: that callback."""
    leave: Callable[[Any], None] | None = None
    """What the page does besides where theirs are kept; it is told `Stale.seen`."""
    is_st_form: bool = False
    keep_theirs: str = KEEP_THEIRS
    save_mine: str = SAVE_MINE

    def field(self, name: str) -> str:
        """A widget's key: another one from when theirs were kept, or the browser would go on showing what it has."""
        times = _times_let_go().get(self.key, 0)
        return f"{self.fields[name]}-{times}" if times else self.fields[name]

    def drawn_from(self, value: Any) -> Any:
        """What it was first drawn from, as long as its fields are there: what others saved since is newer."""
        is_left = self.fields and not any(self.field(name) in st.session_state for name in self.fields)
        if is_left and self._clash() is None:
            _drawn_from().pop(self.key, None)
        return _drawn_from().setdefault(self.key, value)

    def begun(self, name: str, drawn: str) -> str:
        """What a field begins with: what was typed there, where that is still asked about after the field had gone."""
        clash = self._clash()
        return str(clash.mine.get(name, drawn)) if clash is not None else drawn

    def typed(self, name: str) -> str:
        """What stands in a field; where it has gone, what was typed there."""
        return str(st.session_state.get(self.field(name)) or self.begun(name, ""))

    def seen(self, drawn: Any) -> Any:
        """What whoever saves has seen: what it was drawn from, or what was shown beside theirs since."""
        clash = self._clash()
        return clash.seen if clash is not None and clash.is_answered else drawn

    def is_asked(self) -> bool:
        """Both are shown, and nobody has said which is to stand."""
        clash = self._clash()
        return clash is not None and not clash.is_answered

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

    def ask(self, stale: Stale, mine: Mapping[str, object]) -> None:
        self._note(Clash(self, str(stale), stale.theirs, mine, stale.seen))

    def draw(self) -> None:
        """Both, side by side, and the two answers."""
        clash = self._clash()
        if clash is None or clash.is_answered:
            return
        if clash.shown_at is None:
            self._note(replace(clash, shown_at=runtime.store().now()))
        names = [*clash.theirs, *(name for name in clash.mine if name not in clash.theirs)]
        differ = [name for name in names if str(clash.mine.get(name, "")) != str(clash.theirs.get(name, ""))]
        button = st.form_submit_button if self.is_st_form else st.button
        with st.container(border=True, gap="small"):
            st.error(md(clash.sentence))
            for name in differ or names:
                for place, whose, said in zip(
                    st.columns(2), ("yours", "saved meanwhile"), (clash.mine, clash.theirs), strict=True
                ):
                    called = COLUMNS.get(name) or name[:1].upper() + name[1:].replace("_", " ")
                    place.markdown(quiet(md(f"{called}, {whose}")))
                    place.text(str(said.get(name, "")) or "–")
            with st.container(horizontal=True, gap="small"):
                button(self.keep_theirs, key=f"theirs-{self.key}", on_click=self._keep_theirs)
                button(self.save_mine, key=f"mine-{self.key}", on_click=self._save_mine)

    def done(self) -> None:
        """It is saved, or let go: it begins anew from what is stored."""
        _clashes().pop(self.key, None)
        _drawn_from().pop(self.key, None)
        for widget in map(self.field, self.fields):
            st.session_state.pop(widget, None)
        if self.forget is not None:
            self.forget()

    def let_go(self) -> None:
        """What was typed is not wanted: what is stored stands there instead."""
        clash = self._clash()
        self.done()
        _times_let_go()[self.key] = _times_let_go().get(self.key, 0) + 1
        if self.leave is not None and clash is not None:
            self.leave(clash.seen)

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

    def _clash(self) -> Clash | None:
        return _clashes().get(self.key)

    def _note(self, clash: Clash) -> None:
        _clashes()[self.key] = clash


def place_of(called: str, choices: Mapping[Any, str]) -> int | None:
    """Where that stands in what is offered: a choice begins again with what was chosen, as a field with its text."""
    return next((place for place, name in enumerate(choices.values()) if name == called), None)


def draw_apart(prefix: str) -> None:
    """What is asked of forms called so, where they may have gone themselves."""
    for key, clash in list(_clashes().items()):
        if key.startswith(prefix):
            clash.form.draw()


def _clashes() -> dict[str, Clash]:
    clashes: dict[str, Clash] = st.session_state.setdefault(state.CLASHES, {})
    return clashes


def _drawn_from() -> dict[str, Any]:
    drawn_from: dict[str, Any] = st.session_state.setdefault(state.DRAWN_FROM, {})
    return drawn_from


def _times_let_go() -> dict[str, int]:
    times: dict[str, int] = st.session_state.setdefault(state.TIMES_LET_GO, {})
    return times
