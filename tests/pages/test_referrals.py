"""Who brought whom: on a person's page, and as a picture with a list beneath."""

import pytest

from core.commands.referrals import refer
from core.persistence.tables import Candidate, NotSame, Referral
from core.persistence.tables.team import Role
from tests.make import a_candidate, act, saved
from tests.pages.conftest import acted, labelled
from tests.pages.test_candidate import words


@pytest.fixture
def noor(store, ben):
    return saved(store, a_candidate(owner_id=ben.id))


@pytest.fixture
def ewa(store, ben):
    return saved(store, a_candidate("Ewa Lis", title="Tester", owner_id=ben.id))


def tab(page_of, viewer, person):
    page = page_of("candidate.py", viewer, id=str(person)).run()
    page.session_state[f"tabs-{person}"] = "Referrals"
    return page.run()


def standing(store):
    with store.reading() as session:
        made = session.query(Referral).filter(Referral.undone_at.is_(None)).order_by(Referral.id)
        return [(one.referrer_id, one.brought_id) for one in made]


def asked(page_of, viewer, person, label, who):
    page = tab(page_of, viewer, person)
    labelled(page.button, label).click().run()
    return page.text_input(key="referred-who").set_value(who).run()


def test_whom_somebody_recommended_is_found_by_name_and_taken_back(page_of, store, ben, noor, ewa):
    page = asked(page_of, ben, noor, "They recommended somebody…", "ewa")
    page.button(key=f"choose-{ewa}").click().run()
    assert standing(store) == [(noor, ewa)]
    assert "Brought **Ewa Lis** :gray-badge[no process yet]" in words(page)
    labelled(page.button, "Undo").click().run()
    assert standing(store) == []


def test_who_brought_somebody_is_noted_from_their_side(page_of, store, ben, noor, ewa):
    page = asked(page_of, ben, noor, "Somebody recommended them…", "ewa")
    page.button(key=f"choose-{ewa}").click().run()
    assert standing(store) == [(ewa, noor)]
    assert "Came through **Ewa Lis**" in words(page)
    labelled(page.button, "Take back").click().run()
    assert standing(store) == []


def test_somebody_new_is_added_at_once_but_first_whoever_they_may_be_is_shown(page_of, store, ben, noor, ewa):
    page = asked(page_of, ben, noor, "They recommended somebody…", "Ewa Lis")
    page.button(key="referred-add").click().run()
    assert "Is it one of these?" in words(page)
    assert not page.exception
    page.button(key="referred-add").click().run()  # of a double click
    assert standing(store) == []
    page.button(key="none-of-these").click().run()
    (link,) = standing(store)
    assert link[0] == noor
    assert link[1] not in (noor, ewa)
    with store.reading() as session:
        assert [(one.one_id, one.other_id) for one in session.query(NotSame)] == [(ewa, link[1])]
    page = asked(page_of, ben, noor, "They recommended somebody…", "ivo@nowhere")
    page.button(key="referred-add").click().run()
    assert "This is no e" in page.error[0].value
    page.text_input(key="referred-mail-ivo@nowhere").set_value("ivo@example.org").run()
    page.button(key="referred-add").click().run()
    with store.reading() as session:
        assert session.query(Candidate).count() == 4
    assert len(standing(store)) == 2


def test_vera_sees_who_brought_whom_and_has_nothing_to_press(page_of, store, ben, vera, noor, ewa):
    act(store, ben, refer, noor, ewa)
    page = tab(page_of, vera, noor)
    assert "Brought **Ewa Lis**" in words(page)
    assert not {"They recommended somebody…", "Take back"} & {button.label for button in page.button}


def test_the_list_is_narrowed_to_one_tree_in_the_address(page_of, store, vera, ben, noor, ewa):
    ivo, jan = saved(store, a_candidate("Ivo Kos")), saved(store, a_candidate("Jan Bem"))
    for pair in ((noor, ewa), (ewa, ivo), (jan, ben_friend := saved(store, a_candidate("Ida")))):
        act(store, ben, refer, *pair)
    page = page_of("referrals.py", vera).run()
    assert page.title[0].value == "3 recommendations so far"
    assert "By 3 people; 0 led to an interview, 0 were hired" in words(page)
    assert sorted(page.dataframe[0].value["name"]) == ["Ewa Lis", "Jan Bem", "Noor Haddad"]
    page = page_of("referrals.py", vera, tree=str(ivo)).run()
    assert page.subheader[1].value == r"The tree of Ivo Kos\: 3 people"
    rows = page.dataframe[0].value
    assert rows[["name", "through", "brought"]].values.tolist() == [
        ["Noor Haddad", "knew us first", 1],
        ["Ewa Lis", "Noor Haddad", 1],
        ["Ivo Kos", "Ewa Lis", 0],
    ]
    labelled(page.button, "Show all").click().run()
    assert "tree" not in page.query_params
    page = page_of("referrals.py", vera, tree="999", came="hired").run()
    assert "Nobody whom somebody recommended has come just so far." in words(page)
    assert ben_friend


def test_nobody_brought_yet_says_what_to_do(page_of, vera):
    page = page_of("referrals.py", vera).run()
    assert page.title[0].value == "Nobody has recommended anybody yet"
    assert "under “Referrals”" in words(page)


@pytest.mark.browser
def test_a_click_on_somebody_in_the_picture_lists_their_tree_and_a_second_one_everybody(app_server, signed_in_page):
    ben = app_server.members[Role.RECRUITER]
    noor, ewa, ivo, jan = (saved(app_server.store, a_candidate(name)) for name in ("Noor", "Ewa", "Ivo", "Jan"))
    for pair in ((noor, ewa), (noor, ivo), (jan, saved(app_server.store, a_candidate("Ida")))):
        act(app_server.store, ben, refer, *pair)
    page = signed_in_page(Role.RECRUITER, "/referrals")

    def click_first():
        chart = page.locator("[class*='st-key-network-chart'] svg.marks")
        chart.wait_for()
        page.wait_for_timeout(500)
        mark = chart.locator(".mark-symbol.role-mark path").first.bounding_box()
        acted(page, lambda: page.mouse.click(mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2))

    click_first()
    page.get_by_role("heading", name="The tree of").wait_for()
    assert "tree=" in page.url
    click_first()
    page.get_by_role("heading", name="Who recommends people").wait_for()
    assert "tree=" not in page.url
