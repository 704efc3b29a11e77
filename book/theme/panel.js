// How far the learner's step is, at the foot of its page, as `cargo xtask learn` knows it. All texts are set
// as text: what a server answers never becomes part of the page.
(() => {
  "use strict";

  const build = document.currentScript.dataset.build;
  const slug = location.pathname.split("/").pop().replace(/\.html$/, "");
  const page = document.querySelector(".page");
  if (!page) return;

  const given = (value, shown) => (value ? shown(value) : null);
  const paragraph = (className) => (text) => make("p", { className }, text);
  const link = (className) => (to) => make("a", { className, href: to.href }, to.words);
  const code = (text) => make("pre", { tabIndex: 0 }, make("code", { className: "hljs" }, text));

  // --- The parts that stay.

  const problem = make("div", { className: "problem" });
  problem.setAttribute("role", "status");
  const summary = make("p", { className: "summary" });
  summary.setAttribute("role", "status");
  const quiet = make("p", { className: "quiet", hidden: true });
  const head = make("div", { className: "links" });
  const toggle = make("button", { type: "button", className: "toggle" });
  toggle.setAttribute("aria-controls", "panel-checks");
  const body = make("div", { id: "panel-checks", className: "body", tabIndex: 0 });
  body.setAttribute("role", "region");
  body.setAttribute("aria-label", "Checks");
  const panel = make(
    "section",
    { id: "panel", className: "panel", hidden: true, tabIndex: -1 },
    make("div", { className: "head" }, summary, head, toggle),
    quiet,
    body,
  );
  panel.setAttribute("aria-label", "Your step");
  const foot = make("div", { className: "foot" }, problem, panel);
  page.append(foot);

  // What has the focus must not lie behind the foot.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingBottom = foot.offsetHeight + "px";
  }).observe(foot);

  // --- Open or closed, also after the page is built again.

  const memory = {
    get: () => { try { return sessionStorage.getItem("panel"); } catch { return null; } },
    set: (state) => { try { sessionStorage.setItem("panel", state); } catch { /* It is closed again then. */ } },
  };
  function open(wanted) {
    body.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
    toggle.replaceChildren(wanted ? "Hide" : "Show", make("span", { className: "wide" }, " the checks"));
    panel.classList.toggle("open", wanted);
  }
  // One line is enough when all is well.
  function openFor(mood) {
    const inside = body.contains(document.activeElement);
    open(mood !== "good" && memory.get() === "open");
    if (inside && body.hidden) toggle.focus({ preventScroll: true });
  }
  openFor();
  toggle.addEventListener("click", () => {
    open(body.hidden);
    memory.set(body.hidden ? "closed" : "open");
  });

  // --- The parts that are made of what the server sends.

  function mistake({ says, why, read, file, line, code: shown }) {
    // From a page of this book to a page of this book, and nowhere else.
    const again = /^[\w-]+\.html(#[\w-]+)?$/.test(read) ? make("a", { href: read }, "Read this again") : null;
    const place = file ? make("p", {}, make("code", {}, `${file}:${line}`)) : null;
    return make("div", { className: "mistake" }, place, given(shown, code), make("p", {}, says), make("p", {}, why), again);
  }

  function failure({ words, expected, seen, comparison, reproduce, mistake: known }) {
    const part = (className, label, text) =>
      given(text, () => make("div", { className }, paragraph("label")(label), code(text)));
    return make(
      "section",
      { className: "failure" },
      make("h2", {}, (expected ? "Not done yet: " : "First to fix: ") + words),
      given(seen, paragraph("seen")),
      given(known, mistake),
      part("request", "Request", comparison.request.join("\n")),
      part("expected", "Expected", comparison.expected.join("\n")),
      part("got", "Got", comparison.got.join("\n")),
      part("places", "Where they differ", comparison.places.join("\n")),
      part("reproduce", "See it yourself", reproduce),
    );
  }

  function list(title, checks) {
    if (!checks.length) return null;
    const item = ({ words, passed, before }) =>
      make(
        "li",
        { className: passed ? "passed" : "failed" },
        make("b", {}, passed ? "ok" : "FAIL"),
        " " + words + (before ? ` (${before})` : ""),
      );
    return make("section", { className: "checks" }, make("h2", {}, title), make("ul", {}, ...checks.map(item)));
  }

  // As in the terminal: each task with its checks counted, green ones folded.
  function groups(all) {
    if (!all.length) return null;
    const name = { ok: "ok", todo: "todo", fail: "FAIL" };
    const className = { ok: "passed", todo: "todo", fail: "failed" };
    const item = ({ state, words, note }) =>
      make(
        "li",
        { className: className[state] },
        make("b", {}, name[state]),
        " " + words + (note ? `, ${note}` : ""),
      );
    return make("section", { className: "groups" }, make("ul", {}, ...all.map(item)));
  }

  function progressBar({ passed, all }) {
    const shown = make("progress", { value: passed, max: all });
    shown.setAttribute("aria-label", "Checks that pass");
    return shown;
  }

  // Another step is watched: which one, and a button to work on this one.
  function otherStep(other) {
    const button = make("button", { type: "button", className: "switch" }, other.switch);
    button.addEventListener("click", async () => {
      const told = await fetch("/watch/" + encodeURIComponent(slug), { method: "POST" })
        .then((response) => response.json())
        .catch(() => ({ trouble: "The workshop does not run. Start it: cargo xtask learn" }));
      if (told.trouble) summary.textContent = told.trouble;
    });
    return [link("")(other), ". ", button];
  }

  // --- Beside each step in the contents: done, or what the learner works on.

  function showProgress(steps) {
    const words = { done: "done", current: "now" };
    for (const { page, state } of steps) {
      for (const entry of document.querySelectorAll("#mdbook-sidebar a")) {
        if (entry.hash || entry.pathname.split("/").pop() !== page) continue;
        entry.dataset.step = state;
        entry.querySelector(".step-state")?.remove();
        if (words[state]) entry.append(make("span", { className: "step-state" }, " " + words[state]));
      }
    }
  }

  function times({ took, judged_at }) {
    const at = judged_at && "at " + new Date(judged_at).toLocaleTimeString();
    return [at, took].filter(Boolean).join(", ");
  }

  const checks = ({ checks, others }) => [
    list("Core", checks.filter((check) => check.tier === "core")),
    list("Sharp edges", checks.filter((check) => check.tier === "edge")),
    others ? paragraph("others")(`${others} more passed from the start.`) : null,
  ];

  function show(state) {
    // A change of the same text would be read out again.
    if (summary.textContent !== state.summary) summary.textContent = state.summary;
    if (panel.dataset.mood !== state.mood) openFor(state.mood);
    panel.dataset.mood = state.mood;
    const focused = [...panel.querySelectorAll("a, pre, .switch")].indexOf(document.activeElement);
    const links = [
      given(state.checking, paragraph("checking")),
      given(state.bar, progressBar),
      given(state.note, paragraph("note")),
      given(state.task, link("task")),
      given(state.next, link("next")),
    ];
    head.replaceChildren(...links.filter(Boolean));
    quiet.hidden = !state.elsewhere;
    quiet.replaceChildren(...(state.elsewhere ? otherStep(state.elsewhere) : []));
    const parts = [
      groups(state.groups),
      given(state.compiler_mistake, mistake),
      given(state.compiler, code),
      given(state.problem, code),
      given(state.failure, failure),
      ...(state.groups.length ? [] : checks(state)),
      given(state.command, (command) => make("p", {}, "Next: ", make("code", {}, command))),
      given(times(state), paragraph("times")),
    ];
    body.replaceChildren(...parts.filter(Boolean));
    if (focused >= 0) ([...panel.querySelectorAll("a, pre, .switch")][focused] || toggle).focus({ preventScroll: true });
    nameTheLivePort(state.port);
    if (panel.hidden) arrive();
  }

  // --- The learner's server, where it is not at the port that the pages name.

  const usual = "127.0.0.1:3000";
  const named = [];
  const texts = document.createTreeWalker(document.querySelector("main") || document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (texts.currentNode.data.includes(usual)) named.push([texts.currentNode, texts.currentNode.data]);
  }
  function nameTheLivePort(port) {
    for (const [node, text] of named) {
      const live = port ? text.replaceAll(usual, "127.0.0.1:" + port) : text;
      if (node.data !== live) node.data = live;
    }
  }

  function arrive() {
    panel.hidden = false;
    const skip = make("a", { className: "skip-link", href: "#panel" }, "Skip to your checks");
    const toText = document.querySelector(".skip-link");
    if (toText) toText.after(skip);
    else document.body.prepend(skip);
  }

  function showProblem(text) {
    const words = "The book cannot be built now. These pages are from the last build that could.";
    problem.replaceChildren(...(text ? [make("p", {}, words), code(text)] : []));
  }

  // --- Listening, while somebody looks: a browser keeps few connections to one server.

  let events = null;
  function listen() {
    if (events || document.hidden) return;
    events = new EventSource("/live/" + encodeURIComponent(slug));
    events.addEventListener("open", () => panel.classList.remove("silent"));
    events.addEventListener("error", () => {
      panel.classList.add("silent");
      if (!panel.hidden) summary.textContent = "The workshop does not run. Start it: cargo xtask learn";
    });
    events.addEventListener("build", ({ data }) => data !== build && location.reload());
    events.addEventListener("problem", ({ data }) => showProblem(JSON.parse(data)));
    events.addEventListener("ours", ({ data }) => document.dispatchEvent(new CustomEvent("ours", { detail: JSON.parse(data) })));
    events.addEventListener("class", ({ data }) => document.dispatchEvent(new CustomEvent("class", { detail: JSON.parse(data) })));
    events.addEventListener("progress", ({ data }) => showProgress(JSON.parse(data)));
    events.addEventListener("panel", ({ data }) => show(JSON.parse(data)));
    events.addEventListener("marks", ({ data }) => document.dispatchEvent(new CustomEvent("marks", { detail: JSON.parse(data) })));
  }
  function stop() {
    events?.close();
    events = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", listen);
  listen();
})();
