"use strict";

// A question whose answer is typed: a status, or a header. It is compared; what is neither, its reader judges.
// What is kept begins with `=` as it was typed, and with `+` or `-` once its reader has judged it.
function typedAnswer(place, commit) {
  const kinds = {
    status: {
      label: "Status: ",
      // Whether what was typed is this answer; null where that cannot be told.
      same(typed, answer) {
        const numbers = typed.match(/\b\d{3}\b/g) || [];
        return numbers.length === 1 ? numbers[0] === answer : null;
      },
    },
    header: {
      label: "Header: ",
      same(typed, answer) {
        const parts = (header) => header.split(/:(.*)/s).map((part) => part.trim());
        const [[name, value], [ours, wanted]] = [parts(typed), parts(answer)];
        if (!/^[\w-]+$/.test(name)) return null;
        if (name.toLowerCase() !== ours.toLowerCase()) return false;
        if (!wanted || value === wanted) return true;
        return value && value.toLowerCase() !== wanted.toLowerCase() ? false : null;
      },
    },
  };
  const { label, same } = kinds[place.dataset.typed];
  const details = place.querySelector(":scope > details.answer");
  const explained = [...details.querySelectorAll(":scope > [data-answer]")];
  const right = explained.find((part) => "right" in part.dataset).dataset.answer;

  const input = make("input", { type: "text", maxLength: 100, autocomplete: "off", spellcheck: false });
  input.setAttribute("autocapitalize", "off");
  const judging = make("p", { className: "judging", hidden: true });
  let judged = null;

  function show(kept) {
    const [mark, typed] = [kept[0], kept.slice(1)];
    if (!"=+-".includes(mark)) return null;
    judged = mark === "=" ? same(typed, right) : mark === "+";
    for (const part of explained) {
      const { answer } = part.dataset;
      part.hidden = answer !== right && same(typed, answer) !== true;
    }
    details.open = true;
    judging.hidden = judged !== null;
    if (judged === null) return `You typed “${typed}”. The answer is “${right}”. Is that what you mean?`;
    return judged ? `You typed “${typed}”, which is right.` : `You typed “${typed}”. The right answer is “${right}”.`;
  }
  for (const [mark, words] of [["+", "Yes, that is what I mean"], ["-", "No, I mean something else"]]) {
    const button = make("button", { type: "button" }, words);
    button.addEventListener("click", () => commit(mark + input.value.trim()));
    judging.append(button, " ");
  }
  return {
    fields: make("div", { className: "choices" }, make("label", { className: "typed" }, label, input)),
    after: [judging],
    missing: "Type an answer first.",
    given: () => input.value.trim() && "=" + input.value.trim(),
    isRight: () => judged,
    show(kept) {
      input.value = kept.slice(1);
      return show(kept);
    },
    reset() {
      judged = null;
      input.value = "";
      judging.hidden = true;
      details.open = false;
    },
    focus: () => input.focus(),
  };
}
