// @ts-check
"use strict";

// Asking the server, which may be away, or may have signed the person out.

const GRID_PATIENCE_MS = 30000;

/**
 * @typedef {object} Answer `lost`: nobody knows whether the request arrived; `message` is a key of
 *   the page's words
 * @property {number} [status]
 * @property {any} [data]
 * @property {string} [message]
 * @property {boolean} [lost]
 */

// crypto.randomUUID exists on https alone.
function gridUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class GridServer {
  #token;

  /** @param {string} token the page's own, where no cookie has one */
  constructor(token) {
    this.#token = token;
  }

  // Signing in again in another tab changes the token; the cookie has the one that counts.
  get token() {
    return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? this.#token;
  }

  // An answer of the server, or why there is none.
  /** @param {string} url @param {string} body @returns {Promise<Answer>} */
  async ask(url, body) {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.token,
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(GRID_PATIENCE_MS),
      });
      return await GridServer.#read(response);
    } catch {
      return { lost: true, message: "offline" };
    }
  }

  /** @param {Response} response @returns {Promise<Answer>} */
  static async #read(response) {
    const { status, type } = response;
    const away = type === "opaqueredirect" || status === 401 || status === 403;
    if (away) return { message: "signed_out" };
    if (status >= 500 || status === 429) return { lost: true, message: "failed" };
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    if (!isJson) return { message: response.ok ? "signed_out" : "failed" };
    return { status, data: await response.json() };
  }
}
