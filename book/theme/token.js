// The token that a page takes apart: a reader changes its header or its claims, and sees that the signature no longer fits.
(() => {
  "use strict";

  const figure = document.querySelector("figure.token[data-key]");
  if (!figure || !window.crypto?.subtle) return;

  const bytesOf = (text) => new TextEncoder().encode(text);
  const encoded = (text) =>
    btoa(String.fromCharCode(...bytesOf(text))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const decoded = (part) =>
    Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const part = (name) => figure.querySelector(`pre .${name}`);

  const status = Object.assign(document.createElement("p"), { className: "fits" });
  status.setAttribute("role", "status");
  const key = crypto.subtle.importKey(
    "raw",
    bytesOf(figure.dataset.key),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["verify"],
  );

  let asked = 0;
  async function judge() {
    const question = ++asked;
    const signed = `${part("header").textContent}.${part("claims").textContent}`;
    const signature = decoded(part("signature").textContent);
    const fits = await crypto.subtle.verify("HMAC", await key, signature, bytesOf(signed));
    if (question !== asked) return;
    status.classList.toggle("broken", !fits);
    status.textContent = fits
      ? "The signature fits the two parts before it."
      : "The signature no longer fits: it was made for other bytes. A server answers 401 with invalid_token.";
  }

  const fields = ["header", "claims"].map((name) => {
    const original = part(name).textContent;
    const text = figure.querySelector(`li.${name} code`).textContent;
    const field = Object.assign(document.createElement("textarea"), { value: text, rows: 2, spellcheck: false });
    const label = Object.assign(document.createElement("label"), { textContent: "Change it: " });
    label.append(field);
    figure.querySelector(`li.${name}`).append(label);
    field.addEventListener("input", () => {
      part(name).textContent = field.value === text ? original : encoded(field.value);
      judge();
    });
    part(name).addEventListener("click", () => field.focus());
    return [field, text];
  });

  const back = Object.assign(document.createElement("button"), { type: "button", textContent: "As it was issued" });
  back.addEventListener("click", () => {
    for (const [field, text] of fields) {
      field.value = text;
      field.dispatchEvent(new Event("input"));
    }
  });
  figure.querySelector("ol").after(status, back);
  judge();
})();
