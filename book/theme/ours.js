// The button that starts our server of a step, on a served page, and where that server is now.
(() => {
  "use strict";

  function furnish(place) {
    const { step, number } = place.dataset;
    const said = make("p", {});
    said.setAttribute("role", "status");
    const button = make("button", { type: "button" }, "Start our server");
    const pressed = make("p", { className: "start" }, button);
    function show({ words, url, busy, command }) {
      const parts = [words, ...(url ? [" ", make("code", {}, url)] : []), ...(command ? [" Next: ", make("code", {}, command)] : [])];
      const text = parts.map((part) => part.textContent ?? part).join("");
      // A change of the same text would be read out again.
      if (said.textContent !== text) said.replaceChildren(...parts);
      pressed.hidden = Boolean(url);
      button.setAttribute("aria-disabled", String(Boolean(busy)));
    }
    const none = { words: `Our server of step ${number} does not run.` };
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      try {
        const { trouble } = await (await fetch("/ours/" + step, { method: "POST" })).json();
        if (trouble) show({ words: trouble });
      } catch {
        show({ words: "The book's server does not run.", command: "cargo xtask learn" });
      }
    });
    document.addEventListener("ours", ({ detail }) => show(detail[step] || none));
    show(none);
    place.replaceChildren(said, pressed);
  }

  document.querySelectorAll(".ours").forEach(furnish);
})();
