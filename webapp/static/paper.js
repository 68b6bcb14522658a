// The picture of a page: the passage in view, and on a phone so large that its print can be read, or whole when asked.

const narrow = () => matchMedia("(max-width: 43.99rem)").matches;

export function showPassage(sheet = document.querySelector("[data-sheet]")) {
  const box = sheet?.querySelector("[data-box]");
  if (!box) return;
  const [place, frame] = [box.getBoundingClientRect(), sheet.getBoundingClientRect()];
  if (sheet.scrollHeight > sheet.clientHeight) sheet.scrollTop += place.top - frame.top - sheet.clientHeight / 3;
  if (sheet.scrollWidth > sheet.clientWidth) sheet.scrollLeft += place.left - frame.left - 12;
}

function enlarge(sheet, large) {
  const button = sheet.parentElement.querySelector("[data-larger]");
  sheet.querySelector(".paper").classList.toggle("large", large);
  button.setAttribute("aria-pressed", String(large));
  showPassage(sheet);
}

export function setUpPictures() {
  for (const sheet of document.querySelectorAll("[data-sheet]")) {
    const picture = sheet.querySelector("img");
    const button = sheet.parentElement.querySelector("[data-larger]");
    if (!picture) continue;
    if (button && narrow()) {
      button.hidden = false;
      enlarge(sheet, button.getAttribute("aria-pressed") !== "false");
    }
    const show = () => showPassage(sheet);
    picture.decode?.().then(show, show);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-larger]");
  if (button) enlarge(button.closest("[data-printed]").querySelector("[data-sheet]"), button.getAttribute("aria-pressed") !== "true");
});
document.addEventListener("toggle", (event) => {
  for (const sheet of event.target.querySelectorAll?.("[data-sheet]") ?? []) showPassage(sheet);
}, true);

setUpPictures();
