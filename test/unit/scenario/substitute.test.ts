import { expect } from "chai";
import { namesIn, substitute } from "../../../src/scenario/substitute.ts";

describe(`\${name} in steps`, () => {
  const value = { run: [`Get-Queue \${one}`, "x"], is: { thumbprint: `\${two}\${one}` }, size: 5, none: null };

  it("is found wherever it stands, with its path", () => {
    expect(namesIn(value)).to.deep.equal([
      { name: "one", path: ["run", 0] },
      { name: "two", path: ["is", "thumbprint"] },
      { name: "one", path: ["is", "thumbprint"] },
    ]);
  });

  it("becomes what was remembered, and what was remembered is not looked into again", () => {
    const values = new Map([
      ["one", `\${two}`],
      ["two", "$&"],
    ]);
    expect(substitute(value, values)).to.deep.equal({
      run: [`Get-Queue \${two}`, "x"],
      is: { thumbprint: `$&\${two}` },
      size: 5,
      none: null,
    });
  });

  it("stays as it is when nobody remembers it", () => {
    expect(substitute(`\${nobody} \${1} $name`, new Map())).to.equal(`\${nobody} \${1} $name`);
  });
});
