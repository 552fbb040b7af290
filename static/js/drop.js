// @ts-check
"use strict";

// A file that is dropped anywhere on the form becomes the form's file.
/** @type {NodeListOf<HTMLFormElement>} */
const dropped = document.querySelectorAll("form[data-drop]");
for (const form of dropped) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  const over = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("dropping", event.type === "dragover");
  };
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", over);
  form.addEventListener("drop", (event) => {
    over(event);
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
}
