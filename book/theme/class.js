// What the instructor asks of the class, and the learner's hand, at the foot of a served page. Only somebody who has joined
// a class sees it.
(() => {
  "use strict";

  const asked = make("p", {});
  asked.setAttribute("role", "status");
  // A clock that is read out every minute disturbs.
  const left = make("p", { className: "left" });
  const button = make("button", { type: "button", className: "hand" });
  const line = make("section", { className: "class", hidden: true }, asked, left, button);
  line.setAttribute("aria-label", "Your class");

  let timer = null;
  let ends = null;
  let up = false;

  function tick() {
    const minutes = Math.ceil((1000 * ends - Date.now()) / 60000);
    if (ends === null) left.textContent = "";
    else left.textContent = minutes > 0 ? `${minutes} min left.` : "The time is up.";
  }

  function say(...parts) {
    const text = parts.map((part) => part.textContent ?? part).join("");
    // A change of the same text would be read out again.
    if (asked.textContent !== text) asked.replaceChildren(...parts);
  }

  function show(state) {
    line.hidden = !state;
    clearInterval(timer);
    if (!state) return;
    // The panel has made the foot by now.
    if (!line.isConnected) document.querySelector(".foot").prepend(line);
    const { words, step, timer_ends: timerEnds, hand } = state;
    if (step) say(words, " ", make("a", { href: step.href }, step.words), ".");
    else say(words ?? "");
    ends = timerEnds;
    tick();
    if (ends !== null) timer = setInterval(tick, 5000);
    up = hand;
    button.textContent = up ? "Take your hand down" : "Raise your hand";
  }

  button.addEventListener("click", async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ up: !up });
    const told = await fetch("/hand", { method: "POST", headers, body })
      .then((response) => response.json())
      .catch(() => ({ trouble: "The workshop does not run. Start it: cargo xtask learn" }));
    if (told.trouble) say(told.trouble);
  });
  document.addEventListener("class", ({ detail }) => show(detail));
})();
