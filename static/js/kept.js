// @ts-check
"use strict";

// What is typed into a form marked data-keep stays in this browser, under the person and the page,
// until the server says by its cookie that the form was carried out. A form that comes back gets
// its texts again and says what was not done.

/** @typedef {{id: string, at: number, sent: string, undone: boolean, fields: Record<string, string[]>}} Draft */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

// A block of its own: the scripts of a page share their outermost names.
{
  const KEPT_DAYS = 14;
  const KEPT_FORMS = "form[data-keep], body.change-form #content-main > form";
  const words = /** @type {HTMLElement | null} */ (document.querySelector("[data-kept-words]"));

  /** Answers of the server to forms that were sent: the id of one that was, or was not, carried out.
   * @param {string} name @returns {string} */
  function answered(name) {
    const found = new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(document.cookie)?.[1] ?? "";
    if (found) document.cookie = `${name}=; Max-Age=0; Path=/; SameSite=Lax`;
    return found;
  }

  const store = {
    /** @param {string} key @returns {Draft | null} */
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    /** @param {string} key @param {Draft} draft */
    write(key, draft) {
      try {
        localStorage.setItem(key, JSON.stringify(draft));
      } catch {
        // Full or forbidden storage: the page works without this safety net.
      }
    },
    /** @param {string} key */
    drop(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        // Nothing was kept then.
      }
    },
    /** @returns {string[]} */
    keys() {
      try {
        return Object.keys(localStorage);
      } catch {
        return [];
      }
    },
  };

  /** Both languages of a page are one page. */
  const page = location.pathname.replace(/^\/en(?=\/)/, "");

  /** @param {string} user @param {string} name */
  const keyOf = (user, name) => `kept:${user}:${page}:${name}`;

  /** What a draft is compared with and put back into, by name; what was seen goes along, so that the
   * server finds a change that somebody made meanwhile.
   * @param {HTMLFormElement} form @returns {Field[]} */
  function fieldsOf(form) {
    const left = new Set(["file", "password", "submit", "button", "image", "reset"]);
    return /** @type {Field[]} */ ([...form.elements]).filter(
      (field) =>
        field.name &&
        !field.disabled &&
        "value" in field &&
        !(field instanceof HTMLButtonElement) &&
        !left.has(field.type) &&
        (field.type !== "hidden" || /^(seen|was-)/.test(field.name)),
    );
  }

  /** @param {Field} field */
  function stateOf(field) {
    const ticked = field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type);
    return ticked ? `${field.value}\u0000${field.checked}` : field.value;
  }

  /** @param {Field} field @param {string} state */
  function put(field, state) {
    const [value, checked] = state.split("\u0000");
    if (checked === undefined || !(field instanceof HTMLInputElement)) field.value = value;
    else if (field.value === value) field.checked = checked === "true";
  }

  /** @param {HTMLFormElement} form @returns {Record<string, string[]>} */
  function statesOf(form) {
    /** @type {Record<string, string[]>} */
    const found = {};
    for (const field of fieldsOf(form)) (found[field.name] ??= []).push(stateOf(field));
    return found;
  }

  class KeptForm {
    #form;
    #key;
    #first;
    /** @type {Draft | null} */
    #draft;
    #sending = false;

    /** @param {HTMLFormElement} form @param {string} user */
    constructor(form, user) {
      this.#form = form;
      this.#key = keyOf(user, form.dataset.keep || form.id);
      this.#first = statesOf(form);
      this.#draft = store.read(this.#key);
      if (this.#draft) this.#putBack(this.#draft);
      form.addEventListener("input", () => this.#keep());
      form.addEventListener("change", () => this.#keep());
      form.addEventListener("submit", (event) => this.#submit(event));
      // A page that the browser brings back by itself can be sent again.
      addEventListener("pageshow", () => this.#release());
    }

    get key() {
      return this.#key;
    }

    #keep() {
      const fields = statesOf(this.#form);
      if (JSON.stringify(fields) === JSON.stringify(this.#first) && !this.#draft?.sent) {
        this.#draft = null;
        store.drop(this.#key);
        return;
      }
      const id = this.#draft?.id ?? Math.random().toString(36).slice(2).padEnd(10, "0");
      this.#draft = { id, at: Date.now(), sent: "", undone: false, fields };
      store.write(this.#key, this.#draft);
    }

    /** @param {SubmitEvent} event */
    #submit(event) {
      if (this.#sending) {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented) return;
      this.#keep();
      const id = this.#draft?.id ?? Math.random().toString(36).slice(2).padEnd(10, "0");
      const sent = event.submitter?.textContent?.trim() || document.title;
      this.#draft = { id, at: Date.now(), sent, undone: false, fields: statesOf(this.#form) };
      store.write(this.#key, this.#draft);
      this.#stamp(id);
      this.#sending = true;
      // Long enough for an answer; whoever waits longer may try again.
      setTimeout(() => this.#release(), 20_000);
    }

    #release() {
      this.#sending = false;
    }

    /** @param {string} id */
    #stamp(id) {
      let field = /** @type {HTMLInputElement | null} */ (
        this.#form.querySelector("input[name=kept_form]")
      );
      if (!field) {
        field = document.createElement("input");
        field.type = "hidden";
        field.name = "kept_form";
        this.#form.append(field);
      }
      field.value = id;
    }

    /** @param {Draft} draft */
    #putBack(draft) {
      const differs = Object.entries(draft.fields).some(
        ([name, states]) =>
          !/^(seen|was-)/.test(name) &&
          this.#first[name] !== undefined &&
          JSON.stringify(this.#first[name]) !== JSON.stringify(states),
      );
      if (differs) {
        /** @type {Record<string, number>} */
        const at = {};
        for (const field of fieldsOf(this.#form)) {
          const states = draft.fields[field.name];
          const place = (at[field.name] = (at[field.name] ?? -1) + 1);
          if (states && place < states.length) put(field, states[place]);
        }
        this.#say(draft);
      } else if (draft.undone) this.#say(draft);
      else if (!draft.sent) {
        this.#draft = null;
        store.drop(this.#key);
        return;
      }
      // Shown and said once; from here on it is text that waits to be sent.
      this.#draft = { ...draft, sent: "", undone: false };
      store.write(this.#key, this.#draft);
    }

    /** @param {Draft} draft */
    #say(draft) {
      const drop = () => {
        store.drop(this.#key);
        location.reload();
      };
      this.#form.prepend(note(said(draft), drop));
    }
  }

  /** @param {Draft} draft */
  function said(draft) {
    const texts = words?.dataset ?? {};
    if (draft.undone) return (texts.undone ?? "").replace("{act}", draft.sent);
    if (draft.sent) return (texts.unknown ?? "").replace("{act}", draft.sent);
    return texts.back ?? "";
  }

  /** @param {string} text @param {() => void} drop */
  function note(text, drop) {
    const box = document.createElement("div");
    box.className = "message warning kept";
    box.setAttribute("role", "status");
    const line = document.createElement("p");
    line.textContent = text;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = words?.dataset.discard ?? "";
    button.addEventListener("click", drop);
    box.append(line, button);
    return box;
  }

  /** Texts whose form is no longer on the page: nobody can send them, but their writer has them.
   * @param {string} user @param {Set<string>} present */
  function showOrphans(user, present) {
    const start = `kept:${user}:${page}:`;
    for (const key of store.keys()) {
      if (!key.startsWith(start) || present.has(key)) continue;
      const draft = store.read(key);
      const texts = Object.entries(draft?.fields ?? {})
        .filter(([name]) => !/^(seen|was-)/.test(name))
        .flatMap(([, states]) => states)
        .filter((state) => state.trim() && !state.includes("\u0000") && !/^\d*$/.test(state));
      if (!draft || !texts.length) {
        store.drop(key);
        continue;
      }
      const box = note(words?.dataset.orphan ?? "", () => {
        store.drop(key);
        box.remove();
      });
      for (const text of texts) {
        const kept = document.createElement("p");
        kept.textContent = text;
        box.append(kept);
      }
      document.querySelector("main h1")?.after(box);
    }
  }

  /** Keys of what a person has in this browser: forms, grids, sections.
   * @param {string} user */
  const keysOf = (user) =>
    store
      .keys()
      .filter((key) => /^(kept|grid):/.test(key) ? key.split(":")[1] === user : key.startsWith("prose:") && key.endsWith(`/${user}`));

  /** @param {string} user */
  function settle(user) {
    const done = answered("kept_done");
    const undone = answered("kept_undone");
    const oldest = Date.now() - KEPT_DAYS * 86_400_000;
    for (const key of store.keys()) {
      if (!key.startsWith("kept:")) continue;
      const draft = store.read(key);
      if (!draft || draft.at < oldest || draft.id === done) store.drop(key);
      else if (draft.id === undone) store.write(key, { ...draft, undone: true });
    }
    if (!user) return;
    const present = new Set();
    /** @type {NodeListOf<HTMLFormElement>} */
    const forms = document.querySelectorAll(KEPT_FORMS);
    for (const form of forms) present.add(new KeptForm(form, user).key);
    showOrphans(user, present);
  }

  /** @param {string} user */
  function askBeforeSignOut(user) {
    /** @type {NodeListOf<HTMLFormElement>} */
    const forms = document.querySelectorAll("form[data-sign-out], #logout-form");
    for (const form of forms) {
      form.addEventListener("submit", (event) => {
        const left = keysOf(user);
        if (left.length && !confirm(words?.dataset.leave)) event.preventDefault();
        else for (const key of left) store.drop(key);
      });
    }
  }

  const person = words?.dataset.user ?? "";
  settle(person);
  if (person) askBeforeSignOut(person);
}
