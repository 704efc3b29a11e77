// Three things that mdBook 0.5 lacks for people who use the keyboard.
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

  // The contents toggle is a label: make it a button to the keyboard.
  const toggle = document.getElementById("mdbook-sidebar-toggle");
  const box = document.getElementById("mdbook-sidebar-toggle-anchor");
  if (toggle && box) {
    toggle.tabIndex = 0;
    toggle.setAttribute("role", "button");
    const tell = () => toggle.setAttribute("aria-expanded", String(box.checked));
    tell();
    box.addEventListener("change", tell);
    toggle.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        box.click();
      }
    });
  }

  // Bare arrow keys turn the page while somebody reads or listens: stop them before mdBook sees them.
  const turners = ["ArrowLeft", "ArrowRight"];
  document.addEventListener(
    "keydown",
    (event) => {
      const bare = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
      if (bare && turners.includes(event.key)) {
        event.stopImmediatePropagation();
      }
    },
    true,
  );
})();
