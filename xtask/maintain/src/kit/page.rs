//! The page of a new step: every part of a chapter, to be rewritten.

use super::NewStep;

impl NewStep<'_> {
    /// The page, with all the directives that a chapter needs.
    pub(super) fn page(&self) -> String {
        let (slug, title, before, check) =
            (&self.slug, &self.title, &self.before.slug, self.check());
        let (number, item, word) = (self.number, self.item(), self.word());
        format!(
            "# {title}

One idea, in at most 120 words: what the server does now that it did not do before, and why anybody wants that.

## Predict

{{{{#ours {slug}}}}}

{{{{#predict {slug}/{check}}}}}
**1. The new route**

- [ ] 404, because nothing is there

  No. The route is registered.

- [x] 200 and the title of this step

  The handler returns `Ok` with a string.
{{{{/predict}}}}

## Your task

### Task 1. Add the route

{{{{#task 1}}}}
file: src/main.rs
item: async fn {item}
{{{{/task}}}}

{{{{#need}}}}
- `Ok(…)`: the handler has succeeded, and what is in it becomes the response.
{{{{/need}}}}

{{{{#compare {slug}:{item} task=1}}}}
A string becomes a response with status 200 and plain text.
{{{{/compare}}}}

## Check it

```text
cargo xtask verify {number}
```

{{{{#checks {slug} new}}}}

<details><summary>Stuck? Hints for each new check</summary>

{{{{#hints {slug}}}}}

</details>

## What changed

<details><summary>From our solution of the step before</summary>

{{{{#diff {before} {slug}}}}}

</details>

## Explain it back

{{{{#question}}}}
Somebody asks `/{word}` with POST. What comes back?

- [ ] 404

  No. The path is known.

- [x] 405, with an `Allow` header

  The route has a handler for GET only.
{{{{/question}}}}

## Recap

- What the reader knows now, in two or three lines.

<details class=\"instructor\"><summary>For instructors</summary>

**Minutes:** in the [table](instructor.md#minutes).

**Ask:** what would you ask the room?

</details>
"
        )
    }
}
