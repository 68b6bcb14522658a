// Keeps a part of a page fresh while something is under way: its address is asked again until nothing waits.

import { localTimes } from "./times.js";

const PAUSE = 3000;

for (const part of document.querySelectorAll("[data-live]")) {
  const look = async () => {
    if (!document.hidden && !part.contains(document.activeElement)) {
      const answer = await fetch(part.dataset.live, { headers: { "X-Salient-Script": "1" } }).catch(() => null);
      if (answer?.ok) {
        const frame = document.createElement("template");
        frame.innerHTML = await answer.text();
        localTimes(frame.content);
        part.replaceChildren(frame.content);
        if (!part.querySelector("[data-wait]")) return location.reload(); // What stands below it has changed too.
      }
    }
    setTimeout(look, PAUSE);
  };
  if (part.querySelector("[data-wait]")) setTimeout(look, PAUSE);
}
