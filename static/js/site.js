// @ts-check
"use strict";

// Forms marked so are sent when a choice changes; their button remains for those without scripts.
/** @type {NodeListOf<HTMLFormElement>} */
const sentOnChange = document.querySelectorAll("form[data-submit-on-change]");
for (const form of sentOnChange) {
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
  // Empty fields would only lengthen the address.
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
}
