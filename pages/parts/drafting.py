"""Drafts on a page: in whose language, from whom, and on their way into the mail program."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import streamlit as st

from core import settings
from core.domain import drafts
from core.domain.drafts import Occasion
from core.domain.promises import Kind
from core.domain.templates import LANGUAGES
from core.persistence.work import Viewer
from core.queries.promises import Waiting
from pages.parts import actions, reads, state

SAYS_WHEN_NEXT = frozenset({Kind.UPDATE, Kind.DELAY, Kind.DEBRIEF})
LONGEST_LINK = 2_000
"""Of a mailto: link, in characters: more, and some mail programs open nothing."""
TO_LANGUAGE = {"en": "In English", "pl": "Po polsku"}

_SCRIPT = """
export default function ({ data }) {
  if (!data || window.__perennialMail === data.nonce) return;
  window.__perennialMail = data.nonce;
  const link = document.createElement('a');
  link.href = data.url;
  link.click();
}
"""
_mail = st.components.v2.component("perennial_mail", js=_SCRIPT)


def languages_of(of: Occasion) -> list[str]:
    """The one they are written to in first, then the others."""
    first = of.language if of.language in LANGUAGES else settings.current().language
    return [first, *(other for other in LANGUAGES if other != first)]


def written(row: Waiting, viewer: Viewer, language: str) -> str:
    """The draft of a promise; empty where no word to anybody keeps it."""
    of = row.occasion
    if row.kind in SAYS_WHEN_NEXT and row.process_id is not None:
        of = replace(of, by=reads.next_word_by(of.stage, is_on_hold=row.is_on_hold))
    return draft(of, viewer, language)


def draft(of: Occasion, viewer: Viewer, language: str) -> str:
    return drafts.draft(of, me=viewer.name, language=language, own=reads.own_words())


def question(of: Occasion, viewer: Viewer, language: str) -> str:
    return drafts.question_to(of, me=viewer.name, language=language, own=reads.own_words())


# the mail program


def mailto(to: str, subject: str, body: str) -> str:
    """A link that opens the mail program; without the words where they are too long for one."""
    link = f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}"
    whole = f"{link}&body={quote(body.replace(chr(10), chr(13) + chr(10)), safe='')}"
    return whole if len(whole) <= LONGEST_LINK else link


def mail_button(
    of: Occasion, viewer: Viewer, language: str, text: Callable[[], str], *, key: str, shortcut: str | None = None
) -> None:
    """Opens the words as they stand in the field, where an address is known. Nothing is logged by it."""
    if of.email:
        st.button(
            "Open in mail",
            type="tertiary",
            key=key,
            shortcut=shortcut,
            help="Opens your mail program. Log it here once it is sent.",
            on_click=_to_mail,
            args=(of, viewer, language, text),
        )


def open_mail() -> None:
    """Draws nothing. Once on a page that has such a button, at its end."""
    if going := st.session_state.pop(state.TO_MAIL, None):
        _mail(key=f"mail-{going['nonce']}", data=going)


def _to_mail(of: Occasion, viewer: Viewer, language: str, text: Callable[[], str]) -> None:
    subject = drafts.subject(of, me=viewer.name, language=language, own=reads.own_words())
    words = text()
    url = mailto(of.email, subject, words)
    going: dict[str, Any] = {"url": url, "nonce": actions.fresh_key()}
    st.session_state[state.TO_MAIL] = going
    if words.strip() and "&body=" not in url:
        actions.refuse("The text is too long to be handed to the mail program. Copy it from the field.")
