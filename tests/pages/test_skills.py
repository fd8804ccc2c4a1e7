"""Skills: what implies one is shown with why; the team says more, takes it away, and takes that back."""

from collections.abc import Callable
from typing import Any

import pytest

from core.commands.skills import add_implication, ensure_skills
from core.domain.skills import How
from core.persistence.store import Store
from core.persistence.work import THE_PROGRAM, Viewer
from core.queries.page import Page
from core.queries.skills import said
from tests.pages.conftest import labelled

Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def _known(store: Store) -> None:
    with store.working(THE_PROGRAM) as work:
        ensure_skills(work)


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def words(page: Any) -> str:
    return plain("\n".join(element.value for element in [*page.markdown, *page.subheader]))


def sentences(store: Store) -> list[tuple[str, How, str]]:
    with store.reading() as session:
        return [(row.skill, row.how, row.implied) for row in said(session, Page())]


def key_of(page: Any, start: str) -> str:
    (key,) = [box.key for box in page.selectbox if box.key.startswith(start)]
    return str(key)


def say(page: Any, one: str, what: str, other: str) -> Any:
    page.selectbox(key=key_of(page, "one-")).set_value(one)
    page.selectbox(key=key_of(page, "how-")).set_value(what)
    page.selectbox(key=key_of(page, "other-")).set_value(other)
    (add,) = [button for button in page.button if button.label == "Add"]
    return add.click().run()


def test_without_a_choice_it_says_how_many_there_are(page_of: Open, ben: Viewer):
    page = page_of("skills.py", ben).run()
    assert page.title[0].value == "What skills imply"
    assert "come with Perennial; the team has added 0 implications." in words(page)


def test_a_skill_is_shown_with_what_implies_it_and_what_it_implies(page_of: Open, ben: Viewer):
    page = page_of("skills.py", ben).run()
    labelled(page.selectbox, "Skill").set_value("React").run()
    assert page.title[0].value == "React"
    implied_by, implies = (table.value for table in page.dataframe)
    assert "needs React Native, which needs React" in list(implied_by["How"])
    assert list(implies["Skill"]) == ["CSS", "Frontend development", "JavaScript", "HTML"]
    assert "Rect.js" in words(page)


def test_the_address_brings_the_skill_however_it_is_written(page_of: Open, ben: Viewer):
    page = page_of("skills.py", ben, skill="k8s").run()
    assert page.title[0].value == "Kubernetes"


def test_the_team_says_more_and_takes_it_back(page_of: Open, store: Store, ben: Viewer):
    page = page_of("skills.py", ben, skill="React").run()
    say(page, "Zig", "needs", "React")
    assert plain(page.toast[0].value) == "Zig needs React"
    assert sentences(store) == [("Zig", How.NEEDS, "React")]
    assert "Said by the team · 1" in words(page)
    (undo,) = [button for button in page.button if button.label == "Undo"]
    undo.click().run()
    assert sentences(store) == []


def test_what_was_said_is_taken_away_and_brought_back(page_of: Open, store: Store, ben: Viewer):
    with store.working(ben) as work:
        id_ = add_implication(work, "Kappa", How.NEEDS, "React")
    page = page_of("skills.py", ben).run()
    page.button(key=f"away-{id_}").click().run()
    assert sentences(store) == []
    (undo,) = [button for button in page.button if button.label == "Undo"]
    undo.click().run()
    assert sentences(store) == [("Kappa", How.NEEDS, "React")]


def test_a_circle_is_refused_in_a_sentence_and_what_was_typed_stays(page_of: Open, store: Store, ben: Viewer):
    page = page_of("skills.py", ben).run()
    say(page, "JavaScript", "needs", "React")
    assert "React implies JavaScript already" in plain(page.error[0].value)
    assert page.selectbox(key=key_of(page, "one-")).value == "JavaScript"
    assert sentences(store) == []


def test_a_skill_nobody_knows_yet_can_be_spoken_of_at_once(page_of: Open, store: Store, ben: Viewer):
    page = page_of("skills.py", ben, skill="Kappa").run()
    assert page.title[0].value == "Kappa"
    assert "No skill is called that yet." in words(page)
    say(page, "Kappa", "is written in", "Go")
    assert sentences(store) == [("Kappa", How.WRITTEN_IN, "Go")]
    assert "Kappa implies · 1" in words(page)


def test_vera_looks_and_changes_nothing(page_of: Open, store: Store, ben: Viewer, vera: Viewer):
    with store.working(ben) as work:
        add_implication(work, "Kappa", How.NEEDS, "React")
    page = page_of("skills.py", vera, skill="React").run()
    assert "Kappa needs React" in words(page)
    assert not [button for button in page.button if button.label in {"Add", "Take away"}]
