import { formatTimeSpan } from "../../base/index.ts";
import { defineStep, held } from "./define-step.ts";
import { duration } from "./words.ts";

export const advance = defineStep({
  name: "advance",
  summary: "Move lab time on, with everything that is due on the way",
  input: duration.describe("lab time, like 90s, 5m or 25h"),
  describe: (ms) => `lab time moves on by ${formatTimeSpan(ms)}`,
  async run({ lab }, ms) {
    await lab.advance(ms);
    return held({ text: `it is ${lab.clockNow().toISOString()}` });
  },
});
