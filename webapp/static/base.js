// For every page: times in the reader's own zone, menus that close, forms that are sent once, words kept on the device.

import { setUp } from "./kept.js";
import { localTimes } from "./times.js";

const place = document.querySelector(".nav [aria-current]"); // On a phone the names run out of sight: this one is shown.
if (place) place.parentElement.scrollLeft = place.offsetLeft - place.parentElement.offsetLeft - 64;

// A filter that is set would push what it found out of sight there.
if (matchMedia("(max-width: 43.99rem)").matches) for (const one of document.querySelectorAll("[data-folds-on-phone]")) one.open = false;

for (const back of document.querySelectorAll("[data-back]")) {
  back.hidden = history.length < 2;
  back.addEventListener("click", () => history.back());
}

localTimes(document);
setUp();

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  for (const one of document.querySelectorAll("form[data-sent]")) delete one.dataset.sent;
});
