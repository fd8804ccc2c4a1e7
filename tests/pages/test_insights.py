"""Insights: each figure with its number, narrowed by what is in the address, and what is behind a bar of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.persistence.tables.team import Role
from tests.make import a_candidate, a_member, a_word_from_her, a_word_to_her, saved
from tests.pages.conftest import acted, labelled, settled
from tests.pages.test_candidate import plain, words

FEBRUARY = "month/2026-02"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 2, day, hour, tzinfo=ZoneInfo("Europe/Warsaw"))


def answered(store, owner, name: str, *days: tuple[int, int]) -> None:
    """Whoever wrote at ten on the one day heard from us at eleven on the other."""
    said = [
        word
        for heard, told in days
        for word in (a_word_from_her(happened_at=at(heard, 10)), a_word_to_her(happened_at=at(told, 11)))
    ]
    saved(store, a_candidate(name, owner_id=owner.id, added_at=at(1, 9)), *said)


@pytest.fixture
def february(store, ana, ben):
    """Six answers of Ben's due in February 2026, four of them in time, and one of Ana's."""
    answered(store, ben, "Noor", (2, 2), (4, 4), (9, 9), (11, 11), (16, 19), (23, 26))
    answered(store, ana, "Piotr", (3, 3))


def test_each_figure_says_what_it_is_of_and_too_few_say_so(page_of, ben, february):
    page = page_of("insights.py", ben).run()
    assert not page.exception
    assert page.title[0].value == "71% of 7 words were kept on time"
    read = words(page)
    assert "71% of 7 words: 5 kept on time, 2 kept late, 0 overdue" in read
    assert "Median 1, 90th percentile 24 working hours, of 7" in read
    assert "too few to say (2)" in read.lower()  # how late, when late
    assert "No meeting was to be in this time" in read
    assert "Nobody has waited twice as long" in read
    assert "2 of 2 people the pool holds" in read
    assert "Nobody has been recommended yet" in read


def test_a_member_a_period_and_a_kind_are_chosen_and_kept_in_the_address(page_of, ana, ben, february):
    page = page_of("insights.py", ben).run()
    labelled(page.segmented_control, "Whose").set_value("Mine").run()
    assert page.title[0].value == "67% of 6 words were kept on time"
    page = page_of("insights.py", ana, figures=str(ben.id)).run()  # as Ben has sent it
    assert page.title[0].value == "67% of 6 words were kept on time"
    assert "Ben’s · " in words(page)
    page = page_of("insights.py", ben, colleague=str(ana.id)).run()
    assert plain(page.title[0].value) == "Words kept on time: too few to say (1)"
    assert page.query_params["colleague"] == str(ana.id)
    page = page_of("insights.py", ben, word="update").run()
    assert plain(page.title[0].value) == "Words kept on time: too few to say (0)"
    page = page_of("insights.py", ben, period="2025").run()
    assert "Nothing has fallen due in this time" in words(page)


def test_what_is_behind_a_bar_is_shown_beneath_and_narrowed_by_what_became_of_it(page_of, ben, february):
    page = page_of("insights.py", ben).run()
    see = next(box for box in page.selectbox if box.key.startswith("see-month"))
    see.set_value(FEBRUARY).run()
    assert page.query_params["seen"] == FEBRUARY
    assert len(page.dataframe[0].value) == 7
    how = next(pills for pills in page.button_group if pills.key.startswith("became-"))
    how.set_value("late").run()
    assert list(page.dataframe[0].value["name"]) == ["Noor", "Noor"]
    assert list(page.dataframe[0].value["became"]) == [
        "Thu 26 Feb, 2 working days late",
        "Thu 19 Feb, 2 working days late",
    ]
    page.button(key="see-nothing").click().run()
    assert not page.dataframe
    assert "seen" not in page.query_params


@pytest.mark.parametrize("bar", ["month/1999-01", "owner/99", "nonsense", "ghosted/never", "client/x"])
def test_a_bar_there_is_not_shows_no_list(page_of, ben, february, bar):
    page = page_of("insights.py", ben, seen=bar).run()
    assert not page.exception
    assert not page.dataframe


@pytest.mark.parametrize("bar", ["reply/2026-02", "late/2026-02", "owner/{ben}", "kind/reply"])
def test_other_figures_have_rows_behind_them_too(page_of, ben, february, bar):
    page = page_of("insights.py", ben, seen=bar.format(ben=ben.id)).run()
    assert not page.exception
    number = {"reply": 7, "late": 2, "owner": 6, "kind": 7}[bar.split("/")[0]]
    assert len(page.dataframe[0].value) == number


def test_before_anything_is_due_the_page_says_what_to_do(page_of, ben):
    page = page_of("insights.py", ben).run()
    assert "Nothing has fallen due in this time" in words(page)


def test_vera_sees_every_figure(page_of, vera, february):
    page = page_of("insights.py", vera, seen=FEBRUARY).run()
    assert page.title[0].value == "71% of 7 words were kept on time"
    assert {button.key for button in page.button} == {"see-nothing"}


@pytest.mark.browser
def test_a_click_on_a_bar_shows_what_is_behind_it(app_server, signed_in_page):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    then = store.now() - timedelta(days=10)
    said = [word for _ in range(6) for word in (a_word_from_her(happened_at=then), a_word_to_her(happened_at=then))]
    saved(store, a_candidate("Noor", owner_id=ben.id, added_at=then), *said)
    page = signed_in_page(Role.RECRUITER, "/insights?period=3")
    chart = page.locator("[class*='st-key-month-chart'] svg.marks")
    chart.wait_for()
    settled(page)
    tallest = chart.locator(".mark-rect.role-mark path").evaluate_all(
        "bars => { const high = bars.map(bar => bar.getBoundingClientRect().height);"
        " return high.indexOf(Math.max(...high)) }"
    )
    acted(page, lambda: chart.locator(".mark-rect.role-mark path").nth(tallest).click())
    page.get_by_role("heading", name="words that fell due").wait_for()
    assert "seen=month" in page.url


@pytest.mark.browser
def test_no_words_beside_a_bar_are_cut_off(app_server, signed_in_page):
    store, ben = app_server.store, app_server.members[Role.RECRUITER]
    long = saved(store, a_member("Wilhelmina Brzezińska"))
    then = store.now() - timedelta(days=40)
    for number, late in enumerate((3, 4, 4, 5, 5, 6, 25, 26, 26, 27, 27, 28) * 2):
        words = a_word_from_her(happened_at=then), a_word_to_her(happened_at=then + timedelta(days=late))
        saved(store, a_candidate(f"Late {late}", owner_id=(ben.id, long)[number // 12], added_at=then), *words)
    page = signed_in_page(Role.RECRUITER, "/insights?period=3&word=reply")
    bars = page.locator("[class*='st-key-owner-chart'] svg.marks")
    seen = set()
    for width in range(1850, 850, -100):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)  # until the chart is drawn as wide
        right = bars.bounding_box()
        right = right["x"] + right["width"]
        told = bars.locator(".mark-text.role-mark text")
        ends = told.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        assert max(ends) <= right
        seen |= {"late by" in one for one in told.all_text_contents()}
    assert seen == {True, False}
