"""The doors: what a visitor, a thief and somebody who left can reach. Nothing."""

import pytest

from core.persistence.tables.team import Role


def test_a_page_is_drawn_for_a_member_and_not_for_a_visitor(page_of, ben):
    assert page_of("candidates.py", ben).run().title[0].value
    visitor = page_of("candidates.py", None).run()
    assert not visitor.title
    assert [field.label for field in visitor.text_input] == ["User name", "Password"]


@pytest.mark.browser
def test_signed_in(signed_in_page):
    page = signed_in_page(Role.RECRUITER, "/candidates")
    assert page.get_by_role("heading", level=1).count() == 1
