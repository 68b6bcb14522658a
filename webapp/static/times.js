// Points in time in the reader's own zone and language.

const written = document.documentElement.lang;
const language = written === "en" ? "en-GB" : written; // Day before month, as the days that the server writes.
const form = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    time.textContent = form.format(new Date(time.dateTime));
    time.removeAttribute("data-moment");
  }
}
