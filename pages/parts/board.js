// The board in the browser: draws the cards it is given, and says which one is to go where, or to be opened.
// What people typed comes in by textContent alone. Whoever draws it anew decides where a card is.

const STATES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  let board = STATES.get(parentElement);
  if (!board) STATES.set(parentElement, (board = new Board(parentElement, root)));
  board.tell = setTriggerValue;
  board.take(data);
  return () => STATES.delete(parentElement);
}

class Board {
  constructor(host, root) {
    this.host = host; // the shadow root: knows where the focus is
    this.root = root;
    this.cards = new Map(); // by id: the element, and what it was drawn from
    this.at = null; // the card that Tab leads to
    this.dragged = null; // {id, from}: the column it was taken from, whatever others do meanwhile
    this.moving = null; // {id, to}: said, and not answered yet
    this.columns = element("div", "columns");
    this.said = element("p", "said");
    this.said.setAttribute("role", "status");
    this.menu = element("div", "menu");
    this.menu.popover = "auto";
    this.menu.setAttribute("role", "menu");
    root.replaceChildren(this.columns, this.menu, this.said);
    root.onkeydown = (event) => this.pressed(event);
    root.onclick = (event) => this.clicked(event);
    root.onfocusin = (event) => this.focused(event);
    root.ondragstart = (event) => this.dragStarts(event);
    root.ondragover = (event) => this.dragsOver(event);
    root.ondrop = (event) => this.drops(event);
    root.ondragend = () => this.dragEnds();
    this.menu.onkeydown = (event) => this.pressedInMenu(event);
  }

  // what to draw

  take(data) {
    if (this.dragged !== null) {
      this.waits = data; // nothing moves under the hand
      return;
    }
    const moved = this.moving?.id;
    const answered = this.moving && data.answers !== this.moving.answers;
    if (answered) {
      this.moving = null;
      clearTimeout(this.patience);
    }
    this.data = data;
    this.draw();
    const column = answered && this.columnOf(moved);
    if (column) this.say(`${this.cardOf(moved).n}: ${column.title}`);
  }

  draw() {
    const active = this.host.activeElement?.closest?.(".card");
    const had = active ? Number(active.dataset.id) : null;
    const place = had === null ? null : this.placeOf(had);
    const scrolled = new Map([...this.columns.querySelectorAll("ul")].map((ul) => [ul.dataset.column, ul.scrollTop]));
    const across = this.columns.scrollLeft;
    const used = new Set();
    const columns = this.shown().map((column) => this.drawColumn(column, used));
    this.columns.replaceChildren(...columns);
    for (const id of [...this.cards.keys()]) if (!used.has(id)) this.cards.delete(id);
    for (const ul of this.columns.querySelectorAll("ul")) ul.scrollTop = scrolled.get(ul.dataset.column) ?? 0;
    this.columns.scrollLeft = across;
    if (!this.cards.has(this.at)) this.at = this.next(place);
    for (const [id, { card }] of this.cards) card.tabIndex = id === this.at ? 0 : -1;
    if (had !== null) this.focus(this.cards.has(had) ? had : this.at);
  }

  shown() {
    // As the data has it; but a card on its way stands first where it is to go.
    if (!this.moving) return this.data.columns;
    const card = this.cardOf(this.moving.id);
    return this.data.columns.map((column) => {
      const others = column.cards.filter((one) => one !== card);
      const here = column.id === this.moving.to && card;
      return { ...column, number: column.number + (here ? 1 : 0) - (column.cards.length - others.length),
        cards: here ? [card, ...others] : others };
    });
  }

  drawColumn(column, used) {
    const section = element("section", "column");
    section.dataset.column = column.id;
    section.setAttribute("aria-label", `${column.title}, ${column.number}`);
    const heading = element("h2", "", column.title);
    heading.append(" ", element("span", "number", column.number));
    const list = element("ul");
    list.dataset.column = column.id;
    list.setAttribute("role", "list");
    list.append(...column.cards.map((card) => { used.add(card.i); return this.drawCard(card, column); }));
    section.append(heading, element("p", "quiet", column.below), list);
    if (!column.cards.length) section.append(element("p", "quiet nobody", this.data.nobody));
    return section;
  }

  drawCard(card, column) {
    const moves = this.moving?.id === card.i;
    const from = JSON.stringify([card, column.id, this.data.may, moves]);
    const known = this.cards.get(card.i);
    if (known?.from === from) return known.item;
    const item = element("li");
    const div = element("div", moves ? "card moving" : "card");
    div.dataset.id = card.i;
    div.draggable = this.data.may;
    div.setAttribute("role", "group");
    const words = [...card.b.map(([text]) => text), ...card.l.map(([text]) => text)];
    div.setAttribute("aria-label", [card.n, column.title, ...words].join(", "));
    div.setAttribute("aria-describedby", "how");
    div.setAttribute("aria-keyshortcuts", this.data.may ? "Enter M Shift+ArrowLeft Shift+ArrowRight" : "Enter");
    const name = element("button", "name", card.n);
    name.tabIndex = -1;
    const badges = element("p", "badges");
    badges.append(...card.b.map(([text, colour]) => element("span", `badge ${colour}`, text)));
    div.append(name, badges, ...card.l.map(([text, late]) => element("p", late ? "line late" : "line", text)));
    if (this.data.may) {
      const to = element("button", "to", "Move to…");
      to.tabIndex = -1;
      to.setAttribute("aria-haspopup", "menu");
      div.append(to);
    }
    item.append(div);
    this.cards.set(card.i, { item, card: div, from });
    return item;
  }

  // where things are

  columnOf(id) {
    return this.data.columns.find((column) => column.cards.some((card) => card.i === id));
  }

  cardOf(id) {
    return this.columnOf(id)?.cards.find((card) => card.i === id);
  }

  lists() {
    return [...this.columns.querySelectorAll("ul")].map((ul) =>
      [...ul.querySelectorAll(".card")].map((card) => Number(card.dataset.id)));
  }

  placeOf(id) {
    const lists = this.lists();
    const column = lists.findIndex((ids) => ids.includes(id));
    return column < 0 ? null : [column, lists[column].indexOf(id)];
  }

  next(place) {
    // The card that took the place of one that has gone, or the first one there is.
    const lists = this.lists();
    const near = place && lists[place[0]];
    if (near?.length) return near[Math.min(place[1], near.length - 1)];
    return lists.find((ids) => ids.length)?.[0] ?? null;
  }

  focus(id) {
    const card = this.cards.get(id)?.card;
    if (!card) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // a move

  move(id, to, from) {
    // `from` is where whoever moves it saw it: another's move meanwhile is not to be undone unseen.
    if (!this.data.may || !this.columnOf(id) || from === to || !this.target(to)) return;
    if (this.moving) {
      this.say("The last move is still being saved.");
      return;
    }
    this.moving = { id, to, answers: this.data.answers };
    this.tell("moved", { id, from, to, n: Date.now() });
    this.patience = setTimeout(() => { this.moving = null; this.draw(); }, 20000);
    this.draw();
  }

  target(id) {
    return this.data.columns.some((column) => column.id === id && column.takes);
  }

  open(id) {
    this.tell("opened", { id, n: Date.now() });
  }

  say(words) {
    this.said.textContent = words;
  }

  // by keyboard

  pressed(event) {
    const card = event.target.closest?.(".card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = Number(card.dataset.id);
    const [column, row] = this.placeOf(id);
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (sideways && event.shiftKey) {
      const to = this.data.columns[column + sideways];
      if (to) this.move(id, to.id, this.columnOf(id).id);
    } else if (sideways) {
      this.goSideways(column, row, sideways);
    } else if (along) {
      const ids = this.lists()[column];
      this.goTo(ids[Math.max(0, Math.min(row + along, ids.length - 1))]);
    } else if (event.key === "Home" || event.key === "End") {
      this.goTo(this.lists()[column].at(event.key === "Home" ? 0 : -1));
    } else if (event.key === "Enter" || event.key === " ") {
      if (event.target.closest(".to")) return; // the button says by itself that it was pressed
      this.open(id);
    } else if (event.key.toLowerCase() === "m" && this.data.may) {
      this.offer(id, card);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  goSideways(column, row, step) {
    const lists = this.lists();
    for (let at = column + step; at >= 0 && at < lists.length; at += step) {
      if (lists[at].length) {
        this.goTo(lists[at][Math.min(row, lists[at].length - 1)]);
        return;
      }
    }
  }

  goTo(id) {
    this.at = id;
    for (const [one, { card }] of this.cards) card.tabIndex = one === id ? 0 : -1;
    this.focus(id);
  }

  focused(event) {
    const card = event.target.closest?.(".card");
    if (!card) return;
    const before = this.cards.get(this.at)?.card;
    if (before) before.tabIndex = -1;
    this.at = Number(card.dataset.id);
    card.tabIndex = 0;
  }

  // by hand

  clicked(event) {
    const chosen = event.target.closest?.("[role=menuitem]");
    if (chosen) {
      const { id, to, from } = chosen.dataset;
      this.menu.hidePopover();
      this.focus(Number(id));
      this.move(Number(id), to, from);
      return;
    }
    const card = event.target.closest?.(".card");
    if (!card) return;
    const id = Number(card.dataset.id);
    if (event.target.closest(".to")) this.offer(id, card);
    else this.open(id);
  }

  dragStarts(event) {
    const card = event.target.closest?.(".card");
    if (!card || this.moving) {
      event.preventDefault();
      return;
    }
    const id = Number(card.dataset.id);
    this.dragged = { id, from: this.columnOf(id).id };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", ""); // or Firefox drags nothing
    card.classList.add("dragged");
  }

  dragsOver(event) {
    const column = event.target.closest?.(".column");
    if (this.dragged === null || !column || !this.target(column.dataset.column)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    this.mark(column);
  }

  drops(event) {
    const column = event.target.closest?.(".column");
    if (this.dragged === null || !column) return;
    const { id, from } = this.dragged;
    event.preventDefault();
    this.dragEnds();
    this.move(id, column.dataset.column, from);
  }

  dragEnds() {
    this.mark(null);
    this.cards.get(this.dragged?.id)?.card.classList.remove("dragged");
    this.dragged = null;
    const data = this.waits;
    this.waits = null;
    if (data) this.take(data);
  }

  mark(column) {
    for (const one of this.columns.querySelectorAll(".over")) if (one !== column) one.classList.remove("over");
    column?.classList.add("over");
  }

  // the menu of one card

  offer(id, card) {
    const here = this.columnOf(id).id;
    const stages = this.data.columns.filter((column) => column.takes && column.id !== here);
    if (!stages.length) return;
    this.menu.replaceChildren(...stages.map((column) => {
      const item = element("button", "", column.title);
      item.setAttribute("role", "menuitem");
      Object.assign(item.dataset, { id, to: column.id, from: here });
      return item;
    }));
    this.menu.setAttribute("aria-label", `Move ${this.cardOf(id).n} to`);
    this.goTo(id);
    this.menu.showPopover();
    const beside = card.getBoundingClientRect();
    const { width, height } = this.menu.getBoundingClientRect();
    const fit = (wanted, size, most) => `${Math.max(8, Math.min(wanted, most - size - 8))}px`;
    this.menu.style.left = fit(beside.left + 12, width, window.innerWidth);
    this.menu.style.top = fit(beside.bottom - 8, height, window.innerHeight);
    this.menu.firstElementChild.focus();
  }

  pressedInMenu(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      this.menu.hidePopover();
      this.focus(this.at);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function element(tag, className = "", text = null) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  return made;
}
