import { expect } from "chai";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { usePlace } from "../helpers/lab.ts";
import { openTerminal, type TerminalWindow } from "../helpers/tmux.ts";
import { withTool } from "../helpers/tools.ts";

const lab = `
name: A terminal
lab:
  organization: proexchange
  domains: [proexchange.local]
  keys: p256
  sites: { SiteA: {} }
  servers:
    Ex2007EE: { site: SiteA, roles: [HubTransport, Mailbox] }
    Ex2007SE: { site: SiteA, roles: [HubTransport, Mailbox] }
steps:
  - note: never shown
`;

describe("hubedge shell in a real terminal", function () {
  this.timeout(60_000);
  const place = usePlace();
  let window: TerminalWindow;
  before(withTool("tmux"));
  before(async () => {
    const file = await place.write("terminal.yaml", lab);
    window = await openTerminal(place, ["shell", file, "--directory", "embedded"], { columns: 100, rows: 40 });
    await window.shows(/^\[PS\] Ex2007EE>$/m);
  });
  /** Gives up what was typed, and clears the window. */
  afterEach(() => window.press("C-e", "C-u", "C-l"));

  it("completes what was begun, and lists what it could be", async () => {
    window.press("get-exch", "Tab");
    await window.shows(/^\[PS\] Ex2007EE> Get-ExchangeCertificate/m);
    window.press("C-u", "Set-", "Tab");
    expect(await window.shows(/Set-TransportServer/)).to.include("Set-ReceiveConnector");
    window.press("C-u", "Get-ExchangeCertificate -Th", "Tab");
    await window.shows(/^\[PS\] Ex2007EE> Get-ExchangeCertificate -Thumbprint/m);
    window.press(" ", "Tab");
    await window.shows(/-Thumbprint [0-9A-F]{40}$/m);
  });

  it("brings back earlier lines with the arrow keys", async () => {
    window.press("Get-AdSite | fl Name", "Enter");
    await window.shows(/^Name : SiteA\n\[PS\] Ex2007EE>$/m);
    window.press("C-l", "Up");
    await window.shows(/^\[PS\] Ex2007EE> Get-AdSite \| fl Name$/m);
  });

  it("goes on in the next line where a line is no whole command", async () => {
    window.press("Get-AdSite |", "Enter");
    await window.shows(/^>>$/m);
    window.press("fl Name", "Enter");
    await window.shows(/^>> fl Name\nName : SiteA\n/m);
  });

  it("gives up a line at Ctrl-C, and all lines of a command", async () => {
    window.press("Get-Que", "C-c");
    await window.shows(/^\[PS\] Ex2007EE> Get-Que\^C\n\[PS\] Ex2007EE>$/m);
    window.press("Get-AdSite |", "Enter");
    await window.shows(/^>>$/m);
    window.press("C-c");
    await window.shows(/^>> \^C\n\[PS\] Ex2007EE>$/m);
  });

  it("asks as Exchange does, and takes an answer", async () => {
    window.press("New-ExchangeCertificate", "Enter");
    await window.shows(/^Confirm\nOverwrite the existing default SMTP certificate\?\n[\s\S]*\(default is "Y"\):$/m);
    window.press("?", "Enter");
    await window.shows(/^L - Skip this operation and all subsequent operations\.\n\[Y\] Yes .*:$/m);
    window.press("n", "Enter");
    await window.shows(/: n\nThumbprint +Services +Subject\n-+ +-+ +-+\n[0-9A-F]{40} {2}IP\.\.S +CN=Ex2007EE\n/);
    window.press("C-l", "Remove-AcceptedDomain proexchange.local", "Enter");
    await window.shows(/^COMMAND_/m); // the only domain stays: nothing is asked
    window.press("C-l", "New-ExchangeCertificate", "Enter");
    await window.shows(/\(default is "Y"\):$/m);
    window.press("C-c");
    await window.shows(/\^C\nStopped: what the line had done by then stays done\.\n\[PS\] Ex2007EE>$/m);
  });

  it("fits a wide table into a window, and into a narrow one of somebody who attached", async () => {
    const rows = async (one: TerminalWindow): Promise<string[]> => {
      const table = "ft Thumbprint,Subject,NotBefore,NotAfter,CertificateDomains,Status";
      one.press("C-l", `Get-ExchangeCertificate | ${table}`, "Enter");
      return (await one.shows(/^-+ .*\n.*CN=.*\n(?:.*\n)*\[PS\] Ex2007EE>$/m)).split("\n");
    };
    const wide = await rows(window);
    expect(wide.find((row) => row.startsWith("Thumbprint"))).to.match(/ Status$/);
    const narrow = await openTerminal(place, ["shell", "--lab", "terminal"], { columns: 60, rows: 40 });
    await narrow.shows(/^\[PS\] Ex2007EE>$/m);
    const shown = await rows(narrow);
    expect(shown.find((row) => row.startsWith("Thumb"))).to.have.length.below(60);
    expect(shown.join("\n")).to.include("...");
    narrow.press("quit", "Enter");
    await narrow.ended;
  });

  it("moves to another server", async () => {
    window.press("Enter-PSSession Ex2007SE", "Enter");
    await window.shows(/^\[PS\] Ex2007SE>$/m);
    window.press("Enter-PSSession Ex2007EE", "Enter");
    await window.shows(/^\[PS\] Ex2007EE>$/m);
  });

  it("shows how far lab time is while it is moved, and stops at Ctrl-C", async () => {
    window.press("Set-LabClock -By 365000d", "Enter");
    await window.shows(/^\d+% Lab time \S+ \S+ [AP]M of \S+ \S+ [AP]M: \S.*$/m);
    window.press("C-c");
    const shown = await window.shows(
      /^WARNING: Lab time stopped at .* of .*\.\nStopped: what the line had done by then stays done\.\n\[PS\] Ex2007EE>$/m,
    );
    expect(shown)
      .to.include("^C")
      .and.to.not.match(/^\d+% /m);
    window.press("Get-LabClock | fl Server", "Enter");
    await window.shows(/^Server : Ex2007EE\n\[PS\] Ex2007EE>$/m);
  });

  it("does nothing at Ctrl-C with nothing typed", async () => {
    for (const times of [1, 2, 3]) {
      window.press("C-c");
      await window.shows(new RegExp(`^(?:\\[PS\\] Ex2007EE> \\^C\\n){${times}}\\[PS\\] Ex2007EE>$`, "m"));
    }
  });

  it("ends at quit, and remembers lines for the next time, for nobody else to read", async () => {
    window.press("quit", "Enter");
    await window.ended;
    const file = join(place.path, "state", "hubedge", "history");
    const kept = (await readFile(file, "utf8")).split("\n");
    expect(kept).to.include("Get-AdSite | fl Name");
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
  });
});

describe("hubedge up in a real terminal", function () {
  this.timeout(60_000);
  const place = usePlace();
  let window: TerminalWindow;
  const warning = "Press Ctrl-C again \\(or type exit\\) to end the lab\\.";
  before(withTool("tmux"));
  before(async () => {
    const file = await place.write("stays.yaml", lab);
    window = await openTerminal(place, ["up", file, "--directory", "embedded"], { columns: 100, rows: 40 });
    await window.shows(/^\[PS\] Ex2007EE>$/m);
  });
  beforeEach(() => window.press("C-l"));

  it("stops a line at Ctrl-C, and stays", async () => {
    window.press("Set-LabClock -By 365000d", "Enter");
    await window.shows(/^\d+% Lab time /m);
    window.press("C-c");
    await window.shows(/^WARNING: Lab time stopped at .*\nStopped: .*\n\[PS\] Ex2007EE>$/m);
  });

  it("says at Ctrl-C with nothing typed that the next one ends the lab, and forgets it over a line", async () => {
    window.press("C-c");
    await window.shows(new RegExp(`^${warning}\\n\\[PS\\] Ex2007EE>$`, "m"));
    window.press("Get-AdSite | fl Name", "Enter");
    await window.shows(/^Name : SiteA\n\[PS\] Ex2007EE>$/m);
    window.press("C-l", "C-c");
    await window.shows(new RegExp(`^\\[PS\\] Ex2007EE> \\^C\\n${warning}\\n\\[PS\\] Ex2007EE>$`, "m"));
    window.press("Get-Que", "C-c");
    await window.shows(/Get-Que\^C\n\[PS\] Ex2007EE>$/m);
  });

  it("ends the lab at the second Ctrl-C", async () => {
    window.press("C-c");
    await window.shows(new RegExp(`^${warning}\\n\\[PS\\] Ex2007EE>$`, "m"));
    window.press("C-c");
    await window.ended;
  });
});
