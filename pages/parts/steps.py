"""One step back for one touch, by the browser's own button.

`st.switch_page` enters the new query under the path of the page that is left, then the path; a page that is opened says
what it shows by itself (`filters.to_address`). Streamlit makes a step of the history of each: the first leads back to
the list as nobody had it, the other to nowhere. Whatever follows the first of them without a touch takes its place.
"""

import streamlit as st

_SCRIPT = """
export default function () {
  if (window.__perennialSteps) return;
  window.__perennialSteps = true;
  let isTouched = false;
  for (const touch of ['pointerdown', 'keydown', 'click'])
    window.addEventListener(touch, () => { isTouched = true; }, { capture: true, passive: true });
  const { pushState, replaceState } = window.history;
  let query = '';  // entered last, under the path that was there already
  window.history.pushState = function (state, unused, address) {
    const to = new URL(address, window.location), isGoing = to.pathname !== window.location.pathname;
    const isOnTheWay = isGoing && query && query === to.search;  // also of a double click
    (isTouched && !isOnTheWay ? pushState : replaceState).call(this, state, unused, address);
    query = isGoing ? '' : to.search;
    isTouched = false;
  };
}
"""
_one_for_a_touch = st.components.v2.component("perennial_steps", js=_SCRIPT)


def one_for_a_touch() -> None:
    """Comes once on every page, at its end: it draws nothing."""
    _one_for_a_touch(key="steps")
