"""Keys are named where there is a keyboard, and popovers are gone on in by it."""

from types import SimpleNamespace
from typing import Any

import pytest

from core.persistence.tables.team import Role
from pages.parts import keys
from tests.pages.conftest import settled

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(("headers", "named"), [({"User-Agent": PHONE}, None), ({"User-Agent": DESK}, "J"), ({}, "J")])
def test_a_phone_is_told_of_no_keys(monkeypatch: Any, headers: dict[str, str], named: str | None):
    monkeypatch.setattr(keys, "st", SimpleNamespace(context=SimpleNamespace(headers=headers)))
    assert keys.key("J") == named


@pytest.mark.browser
def test_a_popover_opened_by_keyboard_is_gone_on_in_and_given_back(signed_in_page: Any):
    page = signed_in_page(Role.RECRUITER, "/candidates")
    settled(page)
    page.wait_for_function("() => window.__perennial")  # loaded by itself, after its page
    is_inside = "() => Boolean(document.activeElement.closest('[data-testid=stPopoverBody]'))"
    page.get_by_role("button", name="Filter").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(is_inside)
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.innerText.startsWith('Filter')")
    page.keyboard.press("Enter")
    page.wait_for_function(is_inside)
