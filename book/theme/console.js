// The consoles on a served page: each sends one request of this book to the reader's own server, by way of the
// book's server, and shows what came. The token lives in this page's memory and nowhere else.
(() => {
  "use strict";

  let token = "";
  const fields = [];

  const side = (text) => make("p", { className: "side" }, text);
  const code = (text) => make("pre", { tabIndex: 0 }, make("code", { className: "hljs" }, text));

  function keep(text) {
    token = text;
    for (const field of fields) field.value = text;
  }
  document.addEventListener("token", ({ detail }) => keep(detail));

  function tokenField(words) {
    const field = make("input", { type: "text", autocomplete: "off", spellcheck: false, value: token });
    field.addEventListener("input", () => keep(field.value.trim()));
    fields.push(field);
    return make("label", { className: "token" }, `Paste ${words} here: `, field);
  }

  async function send(place, whose) {
    const asked = { exchange: place.dataset.exchange, whose, token };
    const answer = await fetch("/try", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });
    return answer.json();
  }

  function show({ answer, token: got, from, trouble, command }, said, shown) {
    if (trouble) {
      said.replaceChildren(trouble, ...(command ? [" Next: ", make("code", {}, command)] : []));
      shown.replaceChildren();
      return;
    }
    said.textContent = `${answer.split("\n", 1)[0].replace("HTTP/1.1 ", "")}, from ${from}.`;
    shown.className = answer.startsWith("HTTP/1.1 2") ? "shown granted" : "shown refused";
    shown.replaceChildren(side("The server answers"), code(answer));
    if (got) {
      document.dispatchEvent(new CustomEvent("token", { detail: got }));
      said.append(" The token is in the fields of this page now.");
    }
  }

  function furnish(place) {
    const { request, token: words } = place.dataset;
    const said = make("p", { className: "said" });
    said.setAttribute("role", "status");
    const shown = make("div", { className: "shown" });
    const button = (name, whose) => {
      const pressed = make("button", { type: "button" }, name);
      pressed.addEventListener("click", async () => {
        pressed.setAttribute("aria-busy", "true");
        const told = await send(place, whose).catch(() => ({
          trouble: "The book's server does not run.",
          command: "cargo xtask learn",
        }));
        pressed.removeAttribute("aria-busy");
        show(told, said, shown);
      });
      return pressed;
    };
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "Send " + request.split(" HTTP/1.1", 1)[0]);
    place.classList.add("exchange");
    place.append(
      side("You send"),
      code(request),
      ...(words ? [tokenField(words)] : []),
      make("p", { className: "buttons" }, "Predict, then send it to ", button("your server", "learner"), " or to ", button("our server", "reference")),
      said,
      shown,
    );
  }

  document.querySelectorAll(".try").forEach(furnish);
})();
