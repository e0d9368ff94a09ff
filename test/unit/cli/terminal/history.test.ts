import { expect } from "chai";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { historyFile, openHistory } from "../../../../src/cli/terminal/history.ts";
import { usePlace } from "../../../helpers/lab.ts";

describe("the history of lines", () => {
  const place = usePlace();
  let count = 0;
  const newFile = (): string => join(place.path, `state-${++count}`, "hubedge", "history");

  it("lies in the user's state folder", () => {
    expect(historyFile({ XDG_STATE_HOME: "/state" })).to.equal(join("/state", "hubedge", "history"));
    expect(historyFile({ HOME: "/home/anna" })).to.equal(join("/home/anna", ".local", "state", "hubedge", "history"));
  });

  it("comes back the latest first, each line once in a row, and for its user alone", async () => {
    const file = newFile();
    const history = await openHistory(file);
    for (const line of ["Get-Queue", "Get-AdSite", "Get-AdSite", "  ", "Get-Queue"]) history.add(line);
    await history.saved();
    expect((await openHistory(file)).lines).to.deep.equal(["Get-Queue", "Get-AdSite", "Get-Queue"]);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await stat(dirname(file))).mode & 0o777).to.equal(0o700);
  });

  it("keeps no line that looks as if it held a secret", async () => {
    const file = newFile();
    const history = await openHistory(file);
    history.add("Get-Queue");
    history.add("Import-ExchangeCertificate C:\\a.pfx -Password (ConvertTo-SecureString 'x' -AsPlainText -Force)");
    await history.saved();
    expect(await readFile(file, "utf8")).to.equal("Get-Queue\n");
  });

  it("holds a thousand lines at most", async () => {
    const file = newFile();
    const history = await openHistory(file);
    for (let line = 1; line <= 1005; line++) history.add(`line ${line}`);
    await history.saved();
    const kept = (await openHistory(file)).lines;
    expect(kept).to.have.length(1000);
    expect([kept[0], kept.at(-1)]).to.deep.equal(["line 1005", "line 6"]);
  });

  it("is no reason to stop where it cannot be kept", async () => {
    const file = newFile();
    await mkdir(dirname(dirname(file)), { recursive: true });
    await writeFile(dirname(file), "a file where the folder should be");
    const history = await openHistory(file);
    history.add("Get-Queue");
    await history.saved();
    expect(history.lines).to.deep.equal(["Get-Queue"]);
  });
});
