// Saves each answer by itself, keeps it on this device while there is no connection, and shows what comes up next.

import { localTimes } from "./times.js";

const form = document.getElementById("answers");
const say = form.dataset;
const shelf = `salient.answers.${say.person}.${say.submission}`;
const notice = document.querySelector("[data-offline]");
const token = form.querySelector("[name=csrf_token]").value;
let sending = false;
let failed = "";
let later = 0;

const read = () => JSON.parse(localStorage.getItem(shelf) || "[]");
function write(rows) {
  try {
    if (rows.length) localStorage.setItem(shelf, JSON.stringify(rows));
    else localStorage.removeItem(shelf);
  } catch {
    failed = "full"; // The device keeps nothing: the words stay on the page, and leaving it is warned of.
  }
  tell();
}
const key = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
const question = (id) => document.querySelector(`[data-question="${CSS.escape(id)}"]`);
const seen = (block) => block.querySelector("[data-seen]");
const words = (text, values) => text.replace(/\[(\w+)\]/g, (_all, name) => values[name]);

function status(block, text, bad = false) {
  const line = block.querySelector("[data-saved]");
  line.textContent = text;
  line.classList.toggle("bad", bad);
}

function fault(block, text) {
  const line = block.querySelector("[data-fault]");
  line.textContent = text;
  line.hidden = !text;
  block.classList.toggle("wrong", Boolean(text));
}

function fields(block) {
  const found = [];
  for (const one of block.querySelectorAll("[data-fields] [name]")) {
    if (one.matches("[data-seen], button") || (/radio|checkbox/.test(one.type) && !one.checked)) continue;
    found.push([one.name, one.value]);
  }
  return found;
}

// One waiting save a question: the newest words count. What was typed is kept before anything is sent.
function keep(block) {
  const id = block.dataset.question;
  const rows = read();
  const old = rows.find((row) => row.question === id && !row.clash);
  const row = { question: id, fields: fields(block), expected: Number(seen(block).value.split(":")[0]), key: key(), at: Date.now() };
  if (old && old.sent) row.after = old.key;
  write([...rows.filter((one) => one.question !== id), row]);
  status(block, navigator.onLine ? say.saySaving : say.sayKept);
  flush();
}

function tell() {
  const many = read().length;
  const away = many > 0 && (failed || !navigator.onLine);
  notice.hidden = !away;
  if (away) notice.querySelector("[data-offline-words]").textContent = words(failed === "login" ? say.sayLogin : say.sayWaiting, { n: many });
}

async function post(row) {
  const body = new URLSearchParams(row.fields);
  body.set("csrf_token", token);
  body.set("question", row.question);
  body.set(`v.${row.question}`, `${row.expected}:${row.key}`);
  return fetch(say.answers, { method: "POST", body, headers: { "X-Salient-Script": "1" } });
}

async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(later);
  try {
    for (let row = read().find((one) => !one.clash && !one.refused); row; row = read().find((one) => !one.clash && !one.refused)) {
      if (!(await send(row))) break;
    }
  } finally {
    sending = false;
    tell();
  }
  if (read().some((one) => !one.clash && !one.refused)) later = setTimeout(flush, 8000);
}

// Answers whether the next may be sent.
async function send(row) {
  let answer;
  try {
    answer = await post(row);
  } catch {
    failed = "away";
    const block = question(row.question);
    if (block) status(block, say.sayKept);
    return false;
  }
  failed = answer.status === 401 ? "login" : answer.status >= 500 || answer.status === 429 ? "away" : "";
  if (failed) return false;
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : { fault: (await answer.text()).slice(0, 400) };
  settle(row, answer.status, told);
  return true;
}

function settle(row, code, told) {
  const rows = read();
  const place = rows.findIndex((one) => one.question === row.question);
  const same = place >= 0 && rows[place].key === row.key;
  const block = question(row.question);
  if (code === 200) {
    // Words typed meanwhile go on from the version that was just saved.
    if (same) rows.splice(place, 1);
    else if (place >= 0) rows[place].expected = told.version;
    write(rows);
    if (block) saved(block, told, same);
    return;
  }
  if (same) {
    if (code === 409 && told.version) rows[place].clash = true;
    else rows[place].refused = true;
    write(rows);
  }
  if (!block) return;
  fault(block, told.fault || say.sayFailed);
  status(block, "");
  if (code === 409 && told.version) clash(block, row, told);
}

function saved(block, told, settled) {
  seen(block).value = `${told.version}:${key()}`;
  block.querySelector("[data-clash]").hidden = true;
  if (settled) status(block, say.saySaved);
  fault(block, told.refused);
  document.querySelector("[data-progress]").textContent = told.progress;
  document.querySelector("[data-left]").textContent = told.left;
  const bar = document.querySelector("[data-bar]");
  bar.max = told.of;
  bar.value = told.done;
  for (const one of document.querySelectorAll("[data-question]")) one.hidden = !told.asked.includes(one.dataset.question);
  for (const one of document.querySelectorAll("[data-computed]")) {
    const text = told.computed[one.dataset.computed] || "";
    one.querySelector("strong").textContent = text;
    one.hidden = !text;
  }
  if (told.again.length) renew(told.again);
}

// Choices that follow from other answers are drawn anew; what waits unsent in them is kept as it is.
async function renew(ids) {
  const page = await fetch(location.href).then((one) => one.text()).catch(() => "");
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const waiting = new Set(read().map((row) => row.question));
  for (const id of ids) {
    const next = fresh.querySelector(`[data-question="${CSS.escape(id)}"] [data-fields]`);
    const now = question(id)?.querySelector("[data-fields]");
    if (next && now && !waiting.has(id) && !now.contains(document.activeElement)) now.replaceWith(next);
  }
}

function clash(block, row, told) {
  const box = block.querySelector("[data-clash]");
  box.replaceChildren();
  box.hidden = false;
  box.className = "stack-s";
  const pair = document.createElement("div");
  pair.className = "two";
  for (const [head, text] of [[words(say.sayTheirs, { name: told.who }), told.theirs], [say.sayMine, told.mine]]) {
    const card = document.createElement("div");
    card.className = "card";
    const title = document.createElement("p");
    title.className = "small soft";
    title.textContent = head;
    const body = document.createElement("p");
    body.className = "prose";
    body.textContent = text || say.sayNothing;
    card.append(title, body);
    pair.append(card);
  }
  const choose = document.createElement("p");
  choose.className = "cluster";
  const mine = choice(say.sayUse, () => {
    write(read().map((one) => (one.question === row.question ? { ...one, clash: false, expected: told.version, key: key() } : one)));
    box.hidden = true;
    flush();
  });
  const theirs = choice(say.sayKeep, () => {
    write(read().filter((one) => one.question !== row.question));
    location.reload();
  });
  choose.append(mine, theirs);
  box.append(pair, choose);
}

function choice(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

// What was typed before a page was lost stands in its fields again.
function restore() {
  for (const row of read()) {
    const block = question(row.question);
    if (!block) continue;
    const names = new Map();
    for (const [name, value] of row.fields) names.set(name, [...(names.get(name) || []), value]);
    for (const one of block.querySelectorAll("[data-fields] [name]:not([data-seen], button)")) {
      const values = names.get(one.name) || [];
      if (/radio|checkbox/.test(one.type)) one.checked = values.includes(one.value);
      else if (values.length) one.value = values[0];
    }
    status(block, say.sayKept);
    // A refusal or a clash is asked about again, so that it is shown again.
    write(read().map((one) => (one.key === row.key ? { ...one, clash: false, refused: false } : one)));
  }
}

// A slow line brings this script after the page: what was typed until then is saved as well.
function touched(one) {
  if (/radio|checkbox/.test(one.type)) return one.checked !== one.defaultChecked;
  if (one.matches("select")) return one.selectedIndex !== Math.max(0, [...one.options].findIndex((each) => each.defaultSelected));
  return one.value !== "" && one.value !== one.defaultValue;
}
function catchUp() {
  const waiting = new Set(read().map((row) => row.question));
  for (const block of document.querySelectorAll("[data-question]")) {
    const typed = [...block.querySelectorAll("[data-fields] [name]:not([data-seen], button)")].some(touched);
    if (!typed || waiting.has(block.dataset.question)) continue;
    if (within(document.activeElement) === block) changed = block;
    else keep(block);
  }
}

let typing = 0;
let changed = null;
function due(block) {
  clearTimeout(typing);
  changed = null;
  keep(block);
}

const within = (target) => target?.closest?.("[data-fields]")?.closest("[data-question]");

// Words are saved a moment after the last letter; what has several fields, once the person leaves it.
document.addEventListener("input", (event) => {
  const block = within(event.target);
  if (!block || event.target.matches("[type=radio], [type=checkbox], select")) return;
  if (changed && changed !== block) due(changed);
  changed = block;
  clearTimeout(typing);
  if (!block.querySelector(".currency, .table-row, .placed")) typing = setTimeout(() => due(block), 1500);
});

document.addEventListener("change", (event) => {
  const block = within(event.target);
  if (block && changed !== block) due(block);
});

document.addEventListener("focusout", (event) => {
  if (changed && within(event.target) === changed && within(event.relatedTarget) !== changed) due(changed);
});

form.addEventListener("submit", (event) => {
  if (changed) due(changed);
  if (navigator.onLine && failed !== "away") return;
  event.preventDefault();
  delete form.dataset.sent;
  notice.hidden = false;
  notice.querySelector("[data-offline-words]").textContent = say.sayStay;
  notice.scrollIntoView({ block: "center" });
});

window.addEventListener("online", () => {
  failed = "";
  flush();
});
window.addEventListener("offline", tell);
window.addEventListener("beforeunload", (event) => {
  if (failed === "full" && read().length) event.preventDefault();
});

localTimes(document);
restore();
catchUp();
flush();
