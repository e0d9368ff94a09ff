import { expect } from "chai";
import { progressLine } from "../../../../src/cli/terminal/progress-line.ts";

describe("how far something is", () => {
  const progress = {
    activity: "Lab time",
    status: "7/3/2008 4:12:00 AM of 5/12/2009 10:00:00 AM",
    percentComplete: 14,
    currentOperation: "retry of queue Ex2007EE\\3",
  };
  const told = "14% Lab time 7/3/2008 4:12:00 AM of 5/12/2009 10:00:00 AM";

  for (const [width, line] of [
    [100, `${told}: retry of queue Ex2007EE\\3`],
    [70, `${told}: retry of...`],
    [60, told],
    [50, "14% 7/3/2008 4:12:00 AM of 5/12/2009 10:00:00 AM"],
    [20, "14%"],
    [2, ""],
  ] as const)
    it(`is shown in ${width} characters by what matters most`, () => {
      expect(progressLine(progress, width)).to.equal(line);
    });
});
