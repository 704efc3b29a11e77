// The page of the board. Whatever comes from the board is text: nothing here makes HTML of it.

const $ = (id) => document.getElementById(id);

// In memory alone: what is in storage, a cookie or an address, others can read.
let token = null;
let view = "class";
let timerEnds = null;
let following = null;
let planned = {};

const SCOPES = { class: "class:read class:admin", show: "class:show" };
const STREAMS = { class: "class/live", show: "show/live" };

// How long to wait before a lost stream is asked for again, in milliseconds.
const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  view = new FormData(event.target).get("view");
  const form = new URLSearchParams({
    grant_type: "password", username: "instructor", password: $("password").value, scope: SCOPES[view],
  });
  try {
    const response = await fetch("token", { method: "POST", body: form });
    const answer = await response.json();
    if (!response.ok) {
      $("refusal").textContent = answer.error_description ?? answer.detail;
      return;
    }
    planned = await (await fetch("planned.json")).json();
    token = answer.access_token;
    event.target.reset();
    $("refusal").textContent = "";
    showOnly(view);
    follow();
  } catch {
    $("refusal").textContent = "The board cannot be reached.";
  }
});

/** Asks the board with the token, in the one place where a token belongs. */
async function ask(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  const response = await fetch(path, { ...options, headers });
  if (response.status === 401) {
    logOut("The token has ended. Log in again.");
  }
  return response;
}

function logOut(why) {
  token = null;
  following?.abort();
  showOnly("login");
  $("rows").replaceChildren();
  $("refusal").textContent = why;
  $("connection").textContent = "Not logged in.";
}

function showOnly(what) {
  $("login").hidden = what !== "login";
  for (const id of ["room", "checks", "steps"]) {
    $(id).hidden = what === "login";
  }
  for (const id of ["controls", "learners", "hands-box", "stuck-box"]) {
    $(id).hidden = what !== "class";
  }
  document.body.classList.toggle("projector", what === "show");
}

/** Follows the class: EventSource cannot send a header, so the stream is read by hand. */
async function follow() {
  let wait = FIRST_WAIT;
  while (token !== null) {
    following = new AbortController();
    try {
      const response = await ask(STREAMS[view], { signal: following.signal });
      if (response.ok) {
        $("connection").textContent = "Live.";
        wait = FIRST_WAIT;
        await read(response.body);
      }
    } catch {
      // The network is lost, or we logged out: the loop decides.
    }
    if (token !== null) {
      $("connection").textContent = "The board cannot be reached; trying again.";
      await new Promise((resume) => setTimeout(resume, wait));
      wait = Math.min(2 * wait, LONGEST_WAIT);
    }
  }
}

async function read(body) {
  let text = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split("\n\n");
    text = events.pop();
    // Each is the whole class: only the last one matters.
    const last = events.findLast((event) => event.startsWith("data: "));
    if (last !== undefined) {
      const now = JSON.parse(last.slice("data: ".length));
      inPlace(() => show(now));
    }
  }
}

function show(now) {
  timerEnds = now.timer_ends;
  $("asked").textContent = now.go_to === null ? "–" : `step ${now.go_to}`;
  tick();
  const failing = now.failing.slice(0, 8).map((check) => {
    const item = document.createElement("li");
    const found = Object.hasOwn(FOUND, check.finding) && FOUND[check.finding];
    item.textContent = `${check.learners} in step ${check.step}: ${words(check.check)}` + (found ? `. Mostly: ${found}.` : ".");
    return item;
  });
  $("failing").replaceChildren(...failing);
  $("nothing-fails").hidden = failing.length > 0;
  if (view === "class") {
    showClass(now);
  } else {
    $("code").textContent = now.code === null ? "closed" : grouped(now.code);
    $("count").textContent = now.learners;
    heads("Step", "Learners");
    $("step-rows").replaceChildren(...now.steps.map((group) =>
      row(group.step === null ? "elsewhere" : group.step, group.learners)));
  }
}

function showClass(now) {
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
  now.learners.forEach((learner, at) => fill(lines[at], learner, at + 1));
}

/** Shows something new, and leaves the line under the cursor where it is. */
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

/** A line keeps its place among the others for as long as its learner is there. */
function newLine(learner) {
  const line = row("", "", "", "", "", "", "");
  line.dataset.id = learner.id;
  const cell = document.createElement("td");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove…";
  remove.addEventListener("click", async () => {
    if (await sure("Remove this learner, with all that the board knows about them?")) {
      ask(`class/learners/${encodeURIComponent(learner.id)}`, { method: "DELETE" });
    }
  });
  cell.append(remove);
  line.append(cell);
  $("rows").append(line);
  return line;
}

function fill(line, learner, number) {
  const shown = $("names").getAttribute("aria-pressed") === "true";
  line.dataset.name = learner.name;
  const needs = [learner.hand && "hand up", learner.stuck && "stuck"].filter(Boolean).join(", ");
  const texts = [
    shown ? learner.name : `Learner ${number}`,
    learner.step ?? "–",
    learner.checks === null ? "–" : `${learner.passed} of ${learner.checks}`,
    learner.minutes ?? "–",
    learner.failing === null ? "" : words(learner.failing) + (learner.mistake === null ? "" : ` (${learner.mistake})`),
    needs,
    learner.seen === null ? "–" : new Date(1000 * learner.seen).toLocaleTimeString(),
  ];
  texts.forEach((text, at) => {
    const shown = String(text);
    if (line.cells[at].textContent !== shown) {
      line.cells[at].textContent = shown;
    }
  });
  line.querySelector("button").setAttribute("aria-label", `Remove ${texts[0]}`);
  line.classList.toggle("hand", learner.hand);
  line.classList.toggle("stuck", learner.stuck);
}

function row(...texts) {
  const line = document.createElement("tr");
  texts.forEach((text, at) => {
    const cell = document.createElement(at === 0 ? "th" : "td");
    if (at === 0) {
      cell.scope = "row";
    }
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}

function heads(...texts) {
  $("step-heads").replaceChildren(...texts.map((text) => {
    const head = document.createElement("th");
    head.scope = "col";
    head.textContent = text;
    return head;
  }));
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
  if (timerEnds === null) {
    $("left").textContent = "–";
    return;
  }
  const seconds = Math.max(0, timerEnds - Math.floor(Date.now() / 1000));
  $("left").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(tick, 1000);

function change(path, body, method = "PUT") {
  const json = { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return ask(path, body === undefined ? { method } : json);
}

function onSubmit(id, act) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act(Number(event.target.querySelector("input").value));
    event.target.reset();
  });
}

onSubmit("go-to", (step) => change("class/go-to", { step }));
onSubmit("timer", (minutes) => change("class/timer", { minutes }));
$("go-to-none").addEventListener("click", () => change("class/go-to", { step: null }));
$("timer-stop").addEventListener("click", () => change("class/timer", { minutes: null }));

$("lock").addEventListener("click", () => {
  change("class/lock", { locked: $("lock").getAttribute("aria-pressed") !== "true" });
});

$("names").addEventListener("click", () => {
  const shown = $("names").getAttribute("aria-pressed") !== "true";
  $("names").setAttribute("aria-pressed", shown);
  [...$("rows").children].forEach((line, at) => {
    line.cells[0].textContent = shown ? line.dataset.name : `Learner ${at + 1}`;
    line.querySelector("button").setAttribute("aria-label", `Remove ${line.cells[0].textContent}`);
  });
});

$("reset").addEventListener("click", async () => {
  if (await sure("Remove everybody, with all that the board knows about them, and draw another code?")) {
    change("class/reset", undefined, "POST");
  }
});

for (const kind of ["csv", "json"]) {
  $(kind).addEventListener("click", async () => {
    // A link could not send the header.
    const response = await ask(`class/export.${kind}`);
    if (response.ok) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = `class.${kind}`;
      link.click();
      URL.revokeObjectURL(link.href);
    }
  });
}

function sure(question) {
  $("question").textContent = question;
  $("sure").returnValue = "no";
  $("sure").showModal();
  return new Promise((answer) => {
    $("sure").addEventListener("close", () => answer($("sure").returnValue === "yes"), { once: true });
  });
}
