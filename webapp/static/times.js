// Points in time in the reader's own zone and language.

const language = document.documentElement.lang;
const form = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-moment]")) {
    time.textContent = form.format(new Date(time.dateTime));
    time.removeAttribute("data-moment");
  }
}
