// What mdBook 0.5 lacks for people who use the keyboard, a screen reader or paper.
(() => {
  "use strict";

  // A link past the contents.
  const main = document.querySelector("main");
  if (main) {
    main.id = main.id || "content";
    main.tabIndex = -1;
    const skip = document.createElement("a");
    skip.className = "skip-link";
    skip.href = "#" + main.id;
    skip.textContent = "Skip to the text";
    document.body.prepend(skip);
  }
  // mdBook scrolls the contents to this chapter, and Chromium would begin there when Tab is pressed first.
  addEventListener("load", () => {
    if (location.hash || document.activeElement !== document.body) return;
    document.body.tabIndex = -1;
    document.body.focus({ preventScroll: true });
    document.body.blur();
    document.body.removeAttribute("tabindex");
  });

  // The contents toggle is a label, which no key reaches: a button presses it.
  const label = document.getElementById("mdbook-sidebar-toggle");
  const box = document.getElementById("mdbook-sidebar-toggle-anchor");
  if (label && box) {
    const button = document.createElement("button");
    button.type = "button";
    button.id = "contents-toggle";
    button.className = "icon-button";
    button.title = "Contents";
    button.setAttribute("aria-label", "Contents");
    button.setAttribute("aria-controls", "mdbook-sidebar");
    button.append(...label.childNodes);
    button.addEventListener("click", () => label.click());
    const tell = () => button.setAttribute("aria-expanded", String(box.checked));
    tell();
    box.addEventListener("change", tell);
    label.hidden = true;
    label.after(button);
  }

  // Bare keys that turn the page or open the search while somebody reads, listens or dictates (WCAG 2.1.4): stop them
  // before mdBook sees them. In a field they stay what they are.
  const taken = ["ArrowLeft", "ArrowRight", "s", "S", "/", "?"];
  document.addEventListener(
    "keydown",
    (event) => {
      const bare = !event.ctrlKey && !event.altKey && !event.metaKey;
      const inField = event.target.closest("input, textarea, select, [contenteditable]");
      if (bare && !inField && taken.includes(event.key)) {
        event.stopImmediatePropagation();
      }
    },
    true,
  );
  for (const shortcut of document.querySelectorAll("[aria-keyshortcuts]")) {
    shortcut.removeAttribute("aria-keyshortcuts");
  }
  const search = document.getElementById("mdbook-search-toggle");
  if (search) {
    search.title = "Search";
  }

  // Light or dark: the themes that the style sheet hides go to the end, where no arrow key stops at them.
  const themes = document.getElementById("mdbook-theme-list");
  for (const name of ["rust", "coal", "ayu"]) {
    themes?.append(document.getElementById("mdbook-theme-" + name).parentElement);
  }
  const dark = document.getElementById("mdbook-theme-navy");
  if (dark) {
    dark.textContent = "Dark";
  }

  // Names and places that a screen reader asks for.
  document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
  document.getElementById("mdbook-search-wrapper")?.setAttribute("role", "search");
  const field = document.getElementById("mdbook-searchbar");
  if (field) {
    field.setAttribute("aria-label", "Search this book");
    field.setAttribute("aria-describedby", "mdbook-searchresults-header");
  }

  // What a search finds is read as it stands; mdBook labels a span, which takes no label.
  const found = document.getElementById("mdbook-searchresults");
  if (found) {
    new MutationObserver(() => {
      for (const teaser of found.querySelectorAll(".teaser[aria-label]")) {
        teaser.removeAttribute("aria-label");
      }
    }).observe(found, { childList: true });
  }

  // On a phone a table of three columns is a list, in which no column's name is above its cells.
  for (const table of document.querySelectorAll("main table:has(th:nth-child(3))")) {
    const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent);
    for (const cell of table.querySelectorAll("td")) cell.dataset.column = names[cell.cellIndex];
  }

  // What scrolls sideways can be reached, and so scrolled, with the keyboard.
  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) {
        target.tabIndex = 0;
        target.setAttribute("role", "group");
        target.setAttribute("aria-label", target.matches("code") ? "Code, wider than the page" : "Table, wider than the page");
      } else {
        target.removeAttribute("tabindex");
        target.removeAttribute("role");
        target.removeAttribute("aria-label");
      }
    }
  });
  for (const wide of document.querySelectorAll("pre > code, .table-wrapper, figure")) {
    reachable.observe(wide);
  }

  // Nothing can be unfolded on paper.
  const folded = () => document.querySelectorAll("details:not([open], .instructor)");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...folded()];
    for (const details of opened) {
      details.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const details of opened) {
      details.open = false;
    }
  });
})();
