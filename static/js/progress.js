// @ts-check
"use strict";

// Looks every few seconds how far the work is; once it is done, the page shows what became of it.
async function lookAgain() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-progress]");
    if (!now) return location.reload();
    document.querySelector("[data-progress]")?.replaceChildren(...now.childNodes);
  } catch {
    // The connection is gone for the moment; the next look may have it again.
  }
  setTimeout(lookAgain, 3000);
}

setTimeout(lookAgain, 2000);
