import { defineStep, held } from "./define-step.ts";
import { text } from "./words.ts";

export const note = defineStep({
  name: "note",
  summary: "Text shown to the student",
  input: text,
  describe: (shown) => shown,
  run: () => Promise.resolve(held()),
});
