// What the class looks like. Whatever comes from the board is text: nothing here makes HTML of it.

export const $ = (id) => document.getElementById(id);

// What is shown: a snapshot, the view in which, and the minutes that the course plans.
let shown = null;

// As many checks as are shown: nobody scrolls on a projector.
const MOST = { class: 8, show: 3 };

/** Shows the class as it is now, and leaves the line under the cursor where it is. */
export function show(now, view, planned) {
  shown = { now, view, planned };
  inPlace(showAgain);
}

/** Forgets the class. */
export function showNothing() {
  shown = null;
  $("rows").replaceChildren();
  $("needy").replaceChildren();
}

function inPlace(change) {
  const line = document.querySelector("#rows tr:hover");
  const before = line?.getBoundingClientRect().top;
  change();
  if (line?.isConnected) {
    window.scrollBy(0, line.getBoundingClientRect().top - before);
    // Above the page's top there is nothing to scroll to.
    const missing = before - line.getBoundingClientRect().top;
    const table = $("learners").style;
    table.paddingTop = `${Math.max(0, parseFloat(table.paddingTop || "0") + missing)}px`;
  } else {
    $("learners").style.paddingTop = "";
  }
}

function showAgain() {
  const { now, view, planned } = shown;
  $("asked").textContent = now.go_to === null ? "–" : `step ${now.go_to}`;
  tick();
  const failing = now.failing.slice(0, MOST[view]).map((check) => {
    const found = Object.hasOwn(FOUND, check.finding) && FOUND[check.finding];
    return element("li", `${check.learners} in step ${check.step}: ${words(check.check)}` + (found ? `. Mostly: ${found}.` : "."));
  });
  $("failing").replaceChildren(...failing);
  $("nothing-fails").hidden = failing.length > 0;
  if (view === "class") {
    showClass(now, planned);
  } else {
    showRoom(now);
  }
}

/** For a projector. */
function showRoom(now) {
  $("code").textContent = now.code === null ? "closed" : grouped(now.code);
  $("count").textContent = now.learners;
  heads("Step", "Learners");
  $("step-rows").replaceChildren(...now.steps.map((group) => row(group.step ?? "elsewhere", group.learners)));
}

function showClass(now, planned) {
  $("code").textContent = now.locked ? "closed" : grouped(now.code);
  $("count").textContent = now.learners.length;
  $("hands").textContent = now.learners.filter((learner) => learner.hand).length;
  $("stuck").textContent = now.learners.filter((learner) => learner.stuck).length;
  $("lock").setAttribute("aria-pressed", now.locked);
  heads("Step", "Past the core", "Minutes to core", "planned", "Minutes to all", "planned");
  $("step-rows").replaceChildren(...now.steps.map((step) => {
    const [core, all] = planned[step.step] ?? ["–", "–"];
    return row(step.step, step.solved, step.core ?? "–", core, step.all ?? "–", all);
  }));
  const gone = new Map([...$("rows").children].map((line) => [line.dataset.id, line]));
  const lines = now.learners.map((learner) => {
    const line = gone.get(learner.id) ?? newLine(learner);
    gone.delete(learner.id);
    return line;
  });
  for (const line of gone.values()) {
    line.remove();
  }
  now.learners.forEach((learner, at) => fill(lines[at], learner, called(learner, at)));
  showNeedy(now.learners);
}

/** Who raises a hand or is stuck, each with the way to their line. */
function showNeedy(learners) {
  const items = learners.flatMap((learner, at) => {
    if (needs(learner) === "") return [];
    const link = element("a", `${called(learner, at)}: ${needs(learner)}`);
    link.href = `#learner-${learner.id}`;
    return [element("li", link)];
  });
  const list = element("ul", ...items);
  // A link that somebody is about to click stays what it is.
  if (list.innerHTML !== $("needy").innerHTML) $("needy").replaceChildren(...items);
  $("nobody").hidden = items.length > 0;
}

/** A line keeps its place among the others for as long as its learner is there. */
function newLine(learner) {
  const line = row("", "", "", "", "", "", "");
  line.dataset.id = learner.id;
  line.id = `learner-${learner.id}`;
  const remove = element("button", "Remove…");
  remove.type = "button";
  line.append(element("td", remove));
  $("rows").append(line);
  return line;
}

function fill(line, learner, name) {
  line.dataset.name = learner.name;
  const texts = [
    name,
    learner.step ?? "–",
    learner.checks === null ? "–" : `${learner.passed} of ${learner.checks}`,
    learner.minutes ?? "–",
    learner.failing === null ? "" : words(learner.failing) + (learner.mistake === null ? "" : ` (${learner.mistake})`),
    needs(learner),
    learner.seen === null ? "–" : new Date(1000 * learner.seen).toLocaleTimeString(),
  ];
  texts.forEach((text, at) => {
    if (line.cells[at].textContent !== String(text)) {
      line.cells[at].textContent = text;
    }
  });
  line.querySelector("button").setAttribute("aria-label", `Remove ${name}`);
  line.classList.toggle("hand", learner.hand);
  line.classList.toggle("stuck", learner.stuck);
}

/** What a learner is called on this page. */
function called(learner, at) {
  return $("names").getAttribute("aria-pressed") === "true" ? learner.name : `Learner ${at + 1}`;
}

$("names").addEventListener("click", () => {
  $("names").setAttribute("aria-pressed", $("names").getAttribute("aria-pressed") !== "true");
  if (shown !== null) inPlace(showAgain);
});

function needs(learner) {
  return [learner.hand && "hand up", learner.stuck && "stuck"].filter(Boolean).join(", ");
}

function element(kind, ...inside) {
  const made = document.createElement(kind);
  made.append(...inside);
  return made;
}

function row(first, ...texts) {
  const head = element("th", String(first));
  head.scope = "row";
  return element("tr", head, ...texts.map((text) => element("td", String(text))));
}

function heads(...texts) {
  const heads = texts.map((text) => element("th", text));
  for (const head of heads) {
    head.scope = "col";
  }
  $("step-heads").replaceChildren(...heads);
}

// A check's name is its requirement. Whatever else a learner reports, the board calls `another_check`.
const words = (check) =>
  check === "another_check" ? "a check that this course does not have" : check.replaceAll("_", " ");

// What a check found, by kind.
const FOUND = {
  let_in: "the server let the request in",
  kept_out: "the server refused the request",
  no_answer: "the server did not answer",
  not_started: "the server did not start",
  server_error: "the server reported a fault of its own",
  status: "the status differs",
  header: "the status is right, a header differs",
  body: "the body differs",
  document: "the OpenAPI document differs",
  printed: "what the server printed differs",
  slow: "the answer came too late",
};

const grouped = (code) => `${code.slice(0, 4)}-${code.slice(4)}`;

function tick() {
  const ends = shown?.now.timer_ends ?? null;
  if (ends === null) {
    $("left").textContent = "–";
    return;
  }
  const seconds = Math.max(0, ends - Math.floor(Date.now() / 1000));
  $("left").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(tick, 1000);
