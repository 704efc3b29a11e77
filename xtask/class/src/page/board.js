// The page of the board: who looks at it, and what the instructor asks for. What it shows is in show.js.

import { $, show, showNothing } from "./show.js";

// In memory alone: what is in storage, a cookie or an address, others can read.
let token = null;
let view = "class";
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
    const steps = Object.keys(planned);
    if (steps.length > 0) $("go-to").querySelector("input").max = Math.max(...steps);
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
  showNothing();
  $("refusal").textContent = why;
  $("connection").textContent = "Not logged in.";
}

function showOnly(what) {
  $("login").hidden = what !== "login";
  for (const id of ["room", "checks", "steps"]) {
    $(id).hidden = what === "login";
  }
  for (const id of ["controls", "needs", "learners", "hands-box", "stuck-box"]) {
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
      show(JSON.parse(last.slice("data: ".length)), view, planned);
    }
  }
}

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

$("rows").addEventListener("click", async ({ target }) => {
  if (!target.matches("button")) return;
  const line = target.closest("tr");
  if (await sure(`Remove ${line.cells[0].textContent}, with all that the board knows about them?`)) {
    ask(`class/learners/${encodeURIComponent(line.dataset.id)}`, { method: "DELETE" });
  }
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
