// Anyone who copies a difference wants the new code: for as long as the button copies, what was removed is not there.
document.addEventListener(
  "click",
  (event) => {
    const diff = event.target.closest(".clip-button")?.closest("pre.diff");
    diff?.classList.add("copying");
    setTimeout(() => diff?.classList.remove("copying"));
  },
  true,
);

// The lines of a difference are separate elements, so highlight.js cannot colour the listing as a whole.
for (const line of document.querySelectorAll("pre.diff > code > :is(ins, del, span:not(.gap))")) {
  line.innerHTML = hljs.highlight("rust", line.textContent).value;
}
