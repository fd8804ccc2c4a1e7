// What browsers and Streamlit's own script do otherwise than pages need; loaded once for as long as a tab lives, and told
// with every run of a whole page whether something is written and not saved.
export default function ({ data, setTriggerValue }) {
  if (!window.__perennial) {
    window.__perennial = {};
    oneStepForATouch();
    sendBeforeLeaving();
    logFromItsOwnFields();
    askBeforeLosing();
    goOnInWhatWasOpened();
    goOnInPopovers();
  }
  Object.assign(window.__perennial, {
    isWritten: data.isWritten, typed: null, hasCells: false, send: () => setTriggerValue('left', true),
  });
}

// st.switch_page enters the new query under the path of the page that is left, then the path; and a page that is opened
// says what it shows by itself (filters.to_address). Streamlit makes a step of the history of each: going back, the
// first leads to the list as nobody had it, the other to nowhere. Whatever follows a step without a touch replaces it.
// A list that is looked at before it comes in is one step: once it is in, there is nothing to go back to. What is typed
// into a search is one step, whatever its letters.
function oneStepForATouch() {
  let touched = null; // since the last step
  let searched = null; // the field by which that was entered
  for (const touch of ['pointerdown', 'keydown', 'click'])
    window.addEventListener(touch, (event) => { touched = event.target; }, { capture: true, passive: true });
  window.addEventListener('popstate', () => { searched = null; });
  const { pushState, replaceState } = window.history;
  let query = ''; // entered last, under the path that was there already
  window.history.pushState = function (state, unused, address) {
    const to = new URL(address, window.location), isGoing = to.pathname !== window.location.pathname;
    const isLookedAt = !isGoing && new URLSearchParams(window.location.search).has('draft');
    const isOnTheWay = isGoing && query && query === to.search; // also of a double click
    const isSearch = touched?.matches?.('input[type="search"]'), isNextLetter = isSearch && touched === searched;
    const isStep = touched && !isOnTheWay && !isLookedAt && !isNextLetter;
    (isStep ? pushState : replaceState).call(this, state, unused, address);
    query = isGoing ? '' : to.search;
    if (touched) searched = isSearch ? touched : null;
    touched = null;
  };
}

// Whoever leaves a field by a tap on a link, or on what closes the dialog it stands in, sends what stands in it and that
// at once: Streamlit then loses the first, or shows a new page empty. So the tap waits until the field is sent. Escape,
// which sends nothing of a field, is such a tap. What was changed in a grid is sent by a run of the page.
function sendBeforeLeaving() {
  const WAYS_OUT = 'a[href], [role="dialog"] button[aria-label="Close"]';
  let isWriting = false;
  document.addEventListener('pointerdown', () => {
    isWriting = Boolean(document.activeElement?.matches('textarea, input'));
  }, true);
  document.addEventListener('click', (event) => {
    const way = event.target.closest?.(WAYS_OUT);
    const { hasCells, send } = window.__perennial;
    if (!way || !(isWriting || hasCells) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    isWriting = window.__perennial.hasCells = false;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (hasCells) setTimeout(send, 200); // a grid takes that long to have it
    setTimeout(() => way.click(), hasCells ? 400 : 100);
  }, true);
  document.addEventListener('keydown', (event) => {
    const isField = event.target.matches('textarea, input:not([role="combobox"])');
    const way = isField && event.target.closest('[role="dialog"]')?.querySelector('button[aria-label="Close"]');
    if (event.key !== 'Escape' || !way) return;
    event.stopImmediatePropagation();
    event.target.blur();
    setTimeout(() => way.click(), 100);
  }, true);
}

// Whoever loads the page again, or leaves it for another, loses what is written: the browser asks them first. The server
// learns what stands in a field once it is left, and says what is not saved with the next run of the whole page; until
// then it is what was typed here. Nobody is asked where a page of ours goes on by itself (`isLeaving`).
function askBeforeLosing() {
  const FIELD = 'textarea, input:not([type="search"], [type="password"], [role="combobox"])';
  const ours = window.__perennial;
  let begun = ''; // what stood in the field when the cursor came
  const isWriting = () => Boolean(ours.typed?.isConnected && ours.typed.value !== begun);
  document.addEventListener('focusin', (event) => {
    ours.isWritten ||= isWriting();
    ours.typed = null;
    begun = event.target.value;
  }, true);
  document.addEventListener('input', (event) => {
    if (!event.target.matches(FIELD) || event.target.closest('.st-key-door')) return;
    ours.typed = event.target;
    ours.hasCells ||= Boolean(event.target.closest('#portal'));
  }, true);
  window.addEventListener('beforeunload', (event) => {
    if (!ours.isLeaving && (ours.isWritten || ours.hasCells || isWriting())) event.preventDefault();
  });
}

// A button's key is the whole page's: Ctrl+Enter in another field would log what stands half written elsewhere. The
// field itself has had the key by then.
function logFromItsOwnFields() {
  document.body.addEventListener('keydown', (event) => {
    const isLogging = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    const isField = event.target.matches('textarea, input');
    if (isLogging && isField && !event.target.closest('.st-key-logs, [role="dialog"]')) event.stopPropagation();
  });
}

// The button that opens a row of Today by keyboard goes as the row opens, and would take the keyboard's place with it.
function goOnInWhatWasOpened() {
  document.addEventListener('click', (event) => {
    const button = event.detail === 0 && event.target.closest('[class*="st-key-open-"] button');
    if (!button) return;
    const page = window.location.pathname;
    const watch = new MutationObserver(() => {
      const field = document.querySelector('.st-key-logs :is(textarea, [role="radio"])');
      const isElsewhere = window.location.pathname !== page || document.activeElement !== document.body;
      if (button.isConnected || !(field || isElsewhere)) return;
      watch.disconnect();
      if (!isElsewhere) field.focus();
    });
    watch.observe(document.body, { childList: true, subtree: true });
  }, true);
}

// What a popover shows stands at the end of the page: whoever opens one by keyboard would pass the whole page on the way
// there. So the keyboard goes on in it, and where it closes goes back to its button.
function goOnInPopovers() {
  const FIELDS = ':is(input, textarea, button, a[href], [tabindex="0"]):not(:disabled)';
  let button = null;
  const body = () => document.querySelector('[data-testid="stPopoverBody"]');
  const watch = new MutationObserver(() => {
    const field = body()?.querySelector(FIELDS);
    if (!field) return;
    watch.disconnect();
    if (document.activeElement === button) field.focus();
  });
  document.addEventListener('click', (event) => {
    const pressed = event.target.closest?.('[data-testid="stPopoverButton"]');
    watch.disconnect();
    if (!pressed || event.detail !== 0 || body()) return; // it is open, and closes
    button = pressed;
    watch.observe(document.body, { childList: true, subtree: true });
  }, true);
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !button || !event.target.closest?.('[data-testid="stPopoverBody"]')) return;
    setTimeout(() => { if (!body() && button.isConnected) button.focus(); }, 300);
  }, true);
}
