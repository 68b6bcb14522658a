// Sends several files one by one, each with its own progress and answer. Without this script the form does it in one go.

import { localTimes } from "./times.js";
import { soon } from "./watch.js";

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".drop");
const sent = document.querySelector("[data-sent]");
const list = sent.querySelector("ul");
const status = sent.querySelector("[data-status]");
const say = form.dataset;
let turn = Promise.resolve();

function card(name) {
  const row = document.createElement("li");
  row.className = "row";
  const title = document.createElement("strong");
  title.textContent = name;
  const words = document.createElement("p");
  words.className = "small soft";
  row.append(title, words);
  list.prepend(row);
  return { row, words };
}

function refused({ row, words }, sentence, retry) {
  row.querySelector("progress")?.remove();
  words.textContent = sentence;
  words.className = "note bad small";
  status.textContent = `${row.querySelector("strong").textContent}: ${sentence}`;
  if (!retry) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = say.sayAgain;
  button.addEventListener("click", () => {
    row.remove();
    retry();
  });
  row.append(button);
}

function send(file, place, retry) {
  const { row, words } = place;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  row.append(bar);
  words.textContent = say.saySending;
  const body = new FormData(form);
  body.delete("file");
  body.append("file", file);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Salient-Script", "1");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      answer(request, place, retry);
      done();
    });
    request.addEventListener("error", () => {
      refused(place, say.sayLost, retry);
      done();
    });
    request.send(body);
  });
}

function answer(request, place, retry) {
  let first = null;
  try {
    first = JSON.parse(request.responseText)[0];
  } catch {
    refused(place, request.responseText.slice(0, 300) || say.sayLost, retry);
    return;
  }
  if (!first.kept) {
    refused(place, first.sentence, request.status === 429 || request.status === 507 ? retry : null);
    return;
  }
  const frame = document.createElement("template");
  frame.innerHTML = first.html.trim();
  const row = frame.content.firstElementChild;
  localTimes(row);
  document.getElementById(row.id)?.remove();
  const words = document.createElement("p");
  words.className = "small soft";
  words.textContent = first.sentence;
  row.append(words);
  place.row.replaceWith(row);
  status.textContent = `${first.name}: ${first.sentence}`;
  soon();
}

function take(files) {
  sent.hidden = false;
  for (const file of files) {
    const place = card(file.name);
    if (file.size > Number(say.limit)) refused(place, say.sayLarge);
    else if (file.size === 0) refused(place, say.sayEmpty);
    else turn = turn.then(() => send(file, place, () => take([file])));
  }
}

form.addEventListener("submit", (event) => {
  const chosen = form.querySelector("select");
  if (chosen && !chosen.value) return; // The server says what is missing.
  event.preventDefault();
  take([...input.files]);
  input.value = "";
});

for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!form.querySelector("select") || form.querySelector("select").value) take([...event.dataTransfer.files]);
});
