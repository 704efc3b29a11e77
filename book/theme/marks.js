// How the checks and tasks of this page's step stand, where the page lists them; panel.js hears of it.
(() => {
  "use strict";

  // What its reader has opened or closed stays so, and nothing is opened twice.
  const settled = new WeakSet();
  for (const compare of document.querySelectorAll("details.compare")) {
    compare.querySelector("summary").addEventListener("click", () => settled.add(compare));
  }

  function list(checks) {
    const states = new Map(checks.map(({ name, state }) => [name, state]));
    for (const check of document.querySelectorAll(".checks-of-task [data-check]")) {
      const state = states.get(check.dataset.check);
      if (state) check.dataset.state = state;
      else delete check.dataset.state;
    }
  }

  function count({ number, passed, all }) {
    for (const count of document.querySelectorAll(`.task[data-task="${number}"] .count`)) {
      const known = passed !== null;
      const text = known ? `${passed} of ${all} checks` : `${all} checks`;
      if (count.textContent !== text) count.textContent = text;
      count.dataset.state = known && passed === all ? "ok" : "";
    }
  }

  // Nothing on screen moves if it is below the window, or above it and the browser keeps the text in view where it is.
  const anchors = CSS.supports("overflow-anchor", "auto");
  function isOutOfSight(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return top >= innerHeight || (bottom <= 0 && anchors);
  }

  // All are looked at before one is opened, since that moves the others.
  function compare(tasks) {
    const toOpen = [];
    for (const { number, core } of tasks) {
      for (const compare of document.querySelectorAll(`details.compare[data-task="${number}"]`)) {
        compare.dataset.state = core ? "ok" : "";
        if (core && !settled.has(compare) && isOutOfSight(compare)) toOpen.push(compare);
      }
    }
    for (const compare of toOpen) {
      settled.add(compare);
      compare.open = true;
    }
  }

  document.addEventListener("marks", ({ detail: { checks, tasks } }) => {
    list(checks);
    tasks.forEach(count);
    compare(tasks);
  });
})();
