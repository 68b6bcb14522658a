// The review desk by keyboard: one key a decision, the next finding ready before it is asked for, and a way back.

import { setUpPictures } from "./paper.js";
import { localTimes } from "./times.js";

const KEYS_OFF = "salient-keys-off";
const LAST = "salient-last-decision";
const ASK = { headers: { "X-Salient-Script": "1" } };
const toast = document.querySelector("[data-toast]");
const dialog = document.querySelector("dialog");
let ahead = null; // The next finding: { address, title, main } once it has arrived.
let busy = false;

const desk = () => document.querySelector("[data-desk]");
const one = (selector) => document.querySelector(selector);

function prepare() {
  localTimes(document);
  for (const button of document.querySelectorAll("[data-open]")) button.hidden = false;
  setUpPictures();
  waitForPicture();
  ahead = fetchPage(desk().dataset.next).catch(() => null);
}

async function waitForPicture(pause = 1000) {
  const waiting = one("[data-picture]");
  if (!waiting) return;
  await new Promise((done) => setTimeout(done, pause));
  if (!waiting.isConnected) return;
  const answer = await fetch(waiting.dataset.picture, ASK).catch(() => null);
  if (answer?.status !== 200) {
    if (pause < 30000) waitForPicture(pause * 1.5);
    return;
  }
  const page = await fetchPage(location.href);
  const fresh = page.main.querySelector(".paper");
  if (waiting.isConnected && fresh) {
    one(".paper").replaceWith(fresh);
    setUpPictures();
  }
}

async function fetchPage(address) {
  const answer = await fetch(address, ASK);
  const text = await answer.text();
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const frame = parsed.querySelector(".desk-frame");
  // Imported already, its picture loads while nobody looks at it yet.
  return { address: answer.url, title: parsed.title, main: frame && document.importNode(frame, true) };
}

async function go(address, keep = true) {
  const wanted = new URL(address, location.href).href;
  const ready = await ahead;
  const page = ready?.address === wanted ? ready : await fetchPage(wanted).catch(() => null);
  if (!page?.main) {
    location.assign(wanted);
    return;
  }
  desk().replaceWith(page.main);
  document.title = page.title;
  if (keep) history.pushState({}, "", page.address);
  scrollTo(0, 0);
  one(".case h1")?.focus({ preventScroll: true });
  prepare();
}

function announce(said, links = []) {
  toast.replaceChildren(document.createTextNode(said), ...links);
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => toast.replaceChildren(), 8000);
}

function link(text, href) {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = text;
  return anchor;
}

function undoButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = desk().dataset.sayUndo;
  button.addEventListener("click", undo);
  return button;
}

async function post(address, body) {
  if (busy) return null;
  busy = true;
  try {
    const answer = await fetch(address, { ...ASK, method: "POST", body });
    if (answer.ok) return await answer.json();
    announce((await answer.text()).slice(0, 300));
  } catch {
    announce(desk().dataset.sayFailed);
  } finally {
    busy = false;
  }
  return null;
}

async function decide(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  const done = await post(form.action, body);
  if (!done) return;
  if (done.undo) sessionStorage.setItem(LAST, done.undo);
  await go(done.next, new URL(done.next, location.href).href !== location.href);
  refresh(done);
  if (!done.said) return;
  announce(done.said, done.undo === null ? [] : [undoButton(), ...(done.plan ? [link(desk()?.dataset.sayPlan ?? "", done.plan)] : [])]);
}

// A page that was fetched ahead knows nothing of the decision in between.
function refresh(done) {
  const left = one("[data-left]");
  const form = one("[data-undo]");
  if (left && done.left) left.textContent = done.left;
  if (!form || done.undo === null) return; // Something else than a decision: the way back stays the same.
  form.action = done.undo ?? "";
  one("[data-undo-button]").hidden = !done.undo;
}

async function undo() {
  const address = sessionStorage.getItem(LAST) ?? one("[data-undo]")?.getAttribute("action");
  if (!address) {
    announce(desk().dataset.sayNone);
    return;
  }
  const token = one("input[name=csrf_token]").value;
  const done = await post(address, new URLSearchParams({ csrf_token: token }));
  if (!done) return;
  sessionStorage.removeItem(LAST);
  await go(done.next);
  refresh(done);
  announce(done.said);
}

function reject(digit) {
  const details = one("[data-reject]");
  if (!details) return;
  const button = details.querySelector(`[data-digit="${digit}"]`);
  const remark = details.querySelector("textarea");
  if (!button) return;
  if (button.value === "other" && !remark.value.trim()) remark.focus();
  else decide(button.form, button);
}

function send(name) {
  const form = one(`form[data-key=${name}]`);
  if (form) decide(form);
}

function fold(name) {
  const details = one(`details[data-fold=${name}]`);
  if (!details) return;
  details.open = !details.open;
  (details.open ? details.querySelector("textarea, select, button") : details.querySelector("summary")).focus();
}

function key(name) {
  const rejecting = one("[data-reject]")?.open;
  if (rejecting && /^[1-9]$/.test(name)) return () => reject(name);
  return {
    c: () => send("c"),
    e: () => send("e"),
    o: () => send("o"),
    a: () => fold("a"),
    d: () => fold("d"),
    g: () => fold("g"),
    r: () => { const details = one("[data-reject]"); if (details) { details.open = !details.open; details.querySelector("summary").focus(); } },
    s: () => go(desk().dataset.next),
    j: () => go(desk().dataset.next),
    k: () => history.back(),
    u: undo,
    "?": () => dialog.showModal(),
  }[name];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open || !desk()) return;
  if (event.key === "Escape" && one("[data-reject]")?.open) {
    one("[data-reject]").open = false;
    one("[data-reject] summary").focus();
    return;
  }
  const open = event.target.closest("details[data-fold]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (localStorage.getItem(KEYS_OFF) && event.key !== "?") return;
  const act = key(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-undo]")) {
    event.preventDefault();
    undo();
  } else if (form.matches("[data-decide]")) {
    event.preventDefault();
    decide(form, event.submitter);
  }
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open]")) dialog.showModal();
  if (event.target.closest("[data-close]")) dialog.close();
  const skip = event.target.closest("a[data-key=s]");
  if (skip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(desk().dataset.next);
  }
});

const keysOn = one("[data-keys-on]");
keysOn.checked = !localStorage.getItem(KEYS_OFF);
keysOn.addEventListener("change", () => (keysOn.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1")));

window.addEventListener("popstate", () => go(location.href, false));
prepare();
