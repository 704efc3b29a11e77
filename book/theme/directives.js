// Whoever copies a difference wants the new code: for as long as the button copies, what was removed is not there.
document.addEventListener(
  "click",
  (event) => {
    const diff = event.target.closest(".clip-button")?.closest("pre.diff");
    diff?.classList.add("copying");
    setTimeout(() => diff?.classList.remove("copying"));
  },
  true,
);
