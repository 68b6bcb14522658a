// Answers that wait on this device: how many, how long, and taken off it when somebody logs out or says so.

const PREFIX = "salient.answers.";
const LONGEST = 30 * 24 * 3600 * 1000; // Nobody comes back to words that have waited for thirty days.

const shelves = (ending = "") =>
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key.endsWith(ending));

function rows(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

const waiting = (ending) => shelves(ending).reduce((sum, key) => sum + rows(key).length, 0);
const forget = (ending) => shelves(ending).forEach((key) => localStorage.removeItem(key));

function dropOld() {
  for (const key of shelves()) {
    const kept = rows(key).filter((row) => Date.now() - (row.at || 0) < LONGEST);
    if (kept.length) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  }
}

// A note about answers that were never sent, on the pages of their questionnaire.
function tell(note) {
  const many = waiting(`.${note.dataset.unsent}`);
  note.hidden = many === 0;
  note.querySelector("[data-unsent-words]").textContent = note.dataset.say.replace("[n]", many);
  note.querySelector("[data-forget]")?.addEventListener("click", () => {
    forget(`.${note.dataset.unsent}`);
    note.hidden = true;
  });
}

// Logging out empties the device. Whoever still has words on it is asked first.
function askFirst(form) {
  const note = form.querySelector("[data-log-out-note]");
  form.addEventListener("submit", (event) => {
    const many = waiting();
    if (many === 0 || event.submitter?.matches("[data-anyway]")) {
      forget();
      return;
    }
    event.preventDefault();
    note.querySelector("[data-log-out-words]").textContent = note.dataset.say.replace("[n]", many);
    note.hidden = false;
    note.querySelector("[data-anyway]").focus();
  });
}

export function setUp() {
  try {
    dropOld();
    for (const note of document.querySelectorAll("[data-unsent]")) tell(note);
    for (const form of document.querySelectorAll("form[data-log-out]")) askFirst(form);
  } catch {
    // The device keeps nothing, so nothing waits on it.
  }
}
