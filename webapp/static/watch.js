// Keeps the rows of documents fresh while they are being read: soon at first, then ever more seldom.

import { localTimes } from "./times.js";

const FIRST = 800;
const LONGEST = 15000;
let pause = FIRST;
let timer = 0;

function waiting() {
  return [...document.querySelectorAll("[data-watch] [data-wait]")];
}

async function look() {
  const open = waiting().slice(0, 40);
  if (!open.length) return;
  const before = open.map((row) => row.outerHTML.length).join();
  const lists = new Set(open.map((row) => row.closest("[data-watch]")));
  for (const list of lists) await refresh(list, open.filter((row) => list.contains(row)));
  const after = open.map((row) => document.querySelector(`[data-id="${row.dataset.id}"]`)?.outerHTML.length).join();
  pause = before === after ? Math.min(LONGEST, pause * 1.6) : FIRST;
  again();
}

async function refresh(list, rows) {
  const address = new URL(list.dataset.watch, location.href);
  for (const row of rows) address.searchParams.append("id", row.dataset.id);
  const answer = await fetch(address, { headers: { "X-Salient-Script": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  for (const fresh of await answer.json()) {
    const row = rows.find((one) => one.dataset.id === fresh.id);
    if (!row) continue;
    const frame = document.createElement("template");
    frame.innerHTML = fresh.html.trim();
    const next = frame.content.firstElementChild;
    if (next.hasAttribute("data-reload")) {
      location.reload();
      return;
    }
    if (next.textContent !== row.textContent) {
      localTimes(next);
      row.replaceWith(next);
    }
  }
}

export function again() {
  clearTimeout(timer);
  if (waiting().length) timer = setTimeout(look, document.hidden ? LONGEST : pause);
}

export function soon() {
  pause = FIRST;
  again();
}

document.addEventListener("visibilitychange", () => document.hidden || soon());
again();
