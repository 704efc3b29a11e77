// Questions and predictions: an answer is committed before the explanations are shown, kept, and summed up at the
// Recap. On a served page the book's server keeps the answers in the workshop's folder, else the browser does.
(() => {
  "use strict";

  // On paper, and where all chapters are one page, answers are what they are without a script: folded.
  if (/\/print(\.html)?$/.test(location.pathname)) return;
  const places = [...document.querySelectorAll(".question[data-question]")];
  if (!places.length) return;
  const served = document.querySelector("script[data-build]") !== null;
  const page = places[0].dataset.question.split("/")[0];

  // --- Where answers are kept: { "page/question": "choice" }.

  async function post(path, body) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.json();
  }
  const byServer = {
    load: async () => (await fetch("/answers")).json(),
    commit: (question, choice) => post("/answers", { page, question, choice }),
    forget: () => post("/answers", { page }),
  };
  const inBrowser = {
    load: async () => ({ answers: JSON.parse(localStorage.getItem("answers") || "{}") }),
    async change(change) {
      const { answers } = await inBrowser.load();
      change(answers);
      localStorage.setItem("answers", JSON.stringify(answers));
      return {};
    },
    commit: (question, choice) => inBrowser.change((answers) => (answers[`${page}/${question}`] = choice)),
    forget: () =>
      inBrowser.change((answers) => {
        for (const key of Object.keys(answers)) if (key.startsWith(page + "/")) delete answers[key];
      }),
  };
  const store = served ? byServer : inBrowser;

  const notKept = make("p", { className: "not-kept", hidden: true });
  notKept.setAttribute("role", "status");
  async function kept(told) {
    const { trouble } = await told.catch(() => ({
      trouble: served ? "The book's server does not run. Start it: cargo xtask learn" : "This browser keeps nothing for this page.",
    }));
    notKept.hidden = !trouble;
    notKept.textContent = trouble ? `Your answers on this page are not kept. ${trouble}` : "";
  }

  // --- One question.

  function chosenAnswer(place) {
    const answers = [...place.querySelectorAll(":scope > details[data-choice]")];
    const right = answers.find((details) => "right" in details.dataset);
    const letter = (details) => details.querySelector("summary").textContent.trim()[0];
    const verb = place.matches(".predict") ? "predicted" : "chose";
    const radio = (details) => {
      const summary = details.querySelector("summary").cloneNode(true);
      const input = make("input", { type: "radio", name: place.id, value: details.dataset.choice });
      return make("label", {}, input, make("span", {}, ...summary.childNodes));
    };
    const fields = make("div", { className: "choices" }, ...answers.map(radio));
    let chosen = null;
    return {
      fields,
      after: [],
      missing: "Choose an answer first.",
      given: () => fields.querySelector(":checked")?.value,
      isRight: () => chosen === right,
      show(kept) {
        chosen = answers.find((details) => details.dataset.choice === kept);
        if (!chosen) return null;
        for (const details of answers) {
          const words = [details === chosen && "yours", details === right && "right"].filter(Boolean).join(", ");
          details.open = words !== "";
          if (words) details.querySelector("summary").append(make("span", { className: "mark" }, ` (${words})`));
        }
        return chosen === right
          ? `You ${verb} ${letter(chosen)}, which is right.`
          : `You ${verb} ${letter(chosen)}. The right answer is ${letter(right)}.`;
      },
      reset() {
        chosen = null;
        for (const input of fields.querySelectorAll("input")) input.checked = false;
        for (const details of answers) {
          details.open = false;
          details.querySelector(".mark")?.remove();
        }
      },
      focus: () => fields.querySelector("input").focus(),
    };
  }

  function furnish(place) {
    const answer = place.dataset.typed ? typedAnswer(place, commit) : chosenAnswer(place);
    const parts = [...place.children];
    const [first, ...rest] = parts.slice(0, parts.findIndex((part) => part.matches("details")));
    const legend = make("legend", {}, ...first.childNodes);
    const button = make("button", { type: "button", className: "commit" }, "Commit");
    // No form: the buttons that copy code in it would send it.
    const form = make("fieldset", {}, legend, ...rest, answer.fields, button);
    const outcome = make("p", { className: "outcome", tabIndex: -1 });
    outcome.setAttribute("role", "status");
    const { exchange, token } = place.dataset;
    // A token that nobody issues cannot be had by logging in.
    const live = served && exchange && (!token || token.startsWith("the token of ")) ? liveResponse(exchange, token) : null;
    const recorded = place.querySelector(":scope > .recorded");
    first.remove();
    place.prepend(form, outcome, ...answer.after, ...(live ? [live.part] : []), ...(recorded ? [recorded] : []));
    place.classList.add("asks");

    const question = {
      id: place.id,
      words: legend.textContent.trim(),
      answered: false,
      isRight: answer.isRight,
      show(kept) {
        const words = answer.show(kept);
        if (!words) return;
        question.answered = true;
        outcome.textContent = words;
        if (recorded) recorded.open = true;
        place.classList.add("committed");
      },
      reset() {
        question.answered = false;
        outcome.textContent = "";
        answer.reset();
        live?.reset();
        place.classList.remove("committed");
      },
      focus: answer.focus,
    };
    function commit(given) {
      question.show(given);
      outcome.focus();
      sumUp();
      place.after(notKept);
      kept(store.commit(place.id, given));
    }
    function ask() {
      const given = answer.given();
      if (!given) {
        outcome.textContent = answer.missing;
        return;
      }
      commit(given);
      live?.send(false);
    }
    button.addEventListener("click", ask);
    answer.fields.addEventListener("keydown", (event) => event.key === "Enter" && ask());
    return question;
  }

  // What our server responds now, if it runs: the text stays text.
  function liveResponse(exchange, words) {
    const said = make("p", { className: "said" });
    said.setAttribute("role", "status");
    const shown = make("div", {});
    const button = make("button", { type: "button" }, "Send it to our server");
    const field = make("input", { type: "text", autocomplete: "off", spellcheck: false });
    const label = words ? [make("label", { className: "token" }, `Paste ${words} here: `, field)] : [];
    document.addEventListener("token", ({ detail }) => (field.value = detail));
    const part = make("div", { className: "live exchange" }, said, shown, ...label, make("p", {}, button));
    async function send(asked) {
      const told = await post("/try", { exchange, whose: "reference", token: field.value.trim() }).catch(() => ({
        trouble: "The book's server does not run. Start it: cargo xtask learn",
      }));
      const { answer, from, trouble, token } = told;
      said.textContent = answer
        ? `${answer.split("\n", 1)[0].replace("HTTP/1.1 ", "")}, from ${from}.`
        : asked ? trouble : "";
      part.classList.toggle("granted", Boolean(answer?.startsWith("HTTP/1.1 2")));
      part.classList.toggle("refused", Boolean(answer && !answer.startsWith("HTTP/1.1 2")));
      if (token) document.dispatchEvent(new CustomEvent("token", { detail: token }));
      shown.replaceChildren(
        ...(answer
          ? [make("p", { className: "side answer" }, "Our server responds now"), make("pre", { tabIndex: 0 }, make("code", { className: "hljs" }, answer))]
          : []),
      );
    }
    button.addEventListener("click", () => send(true));
    return { part, send, reset: () => { said.textContent = ""; shown.replaceChildren(); } };
  }

  // --- All of them, at the Recap or below the last one.

  const score = make("div", { className: "score" });
  function sumUp() {
    const answered = questions.filter((question) => question.answered);
    const wrong = answered.filter((question) => !question.isRight());
    const open = questions.filter((question) => !question.answered);
    const all = questions.length === 1 ? "the only question" : `all ${questions.length} questions`;
    const count = answered.length - wrong.length;
    const list = (words, which) => {
      const link = ({ id, words: text }) => make("li", {}, make("a", { href: "#" + id }, text));
      return which.length ? [make("p", {}, words), make("ul", {}, ...which.map(link))] : [];
    };
    let words = `You answered ${count} of ${questions.length} as we do.`;
    if (!answered.length) words = "You have not answered the questions on this page yet.";
    else if (open.length) words = `You have answered ${answered.length} of ${questions.length} questions, ${count} of them as we do.`;
    else if (!wrong.length) words = `You answered ${all} as we do.`;
    const again = make("button", { type: "button" }, "Answer again");
    again.addEventListener("click", () => {
      questions.forEach((question) => question.reset());
      sumUp();
      score.after(notKept);
      questions[0].focus();
      kept(store.forget());
    });
    score.replaceChildren(
      make("p", {}, words),
      ...list("Look at these again:", wrong),
      ...(answered.length ? list("Still open:", open) : []),
      ...(answered.length ? [make("p", {}, again)] : []),
    );
  }

  const questions = places.map(furnish);
  const recap = document.querySelector("main h2#recap");
  if (recap) recap.after(score);
  else places.at(-1).after(score);
  score.after(notKept);
  sumUp();
  kept(
    (async () => {
      const { answers = {}, trouble } = await store.load();
      for (const question of questions) {
        const choice = answers[`${page}/${question.id}`];
        if (choice && !question.answered) question.show(choice);
      }
      sumUp();
      return { trouble };
    })(),
  );
})();
