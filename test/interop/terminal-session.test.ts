import { expect } from "chai";
import { readFile, writeFile } from "node:fs/promises";
import { usePlace } from "../helpers/lab.ts";
import { openTerminal, type TerminalWindow } from "../helpers/tmux.ts";
import { withTool } from "../helpers/tools.ts";

const lab = `
name: A terminal
lab:
  id: recorded
  organization: proexchange
  domains: [proexchange.local]
  clock: 2008-05-12T10:00:00Z
  keys: p256
  sites: { SiteA: {} }
  servers:
    Ex2007EE: { site: SiteA, roles: [HubTransport, ClientAccess, Mailbox] }
    Ex2007SE: { site: SiteA, roles: [HubTransport, Mailbox] }
steps:
  - note: never shown
`;

/** What is pressed in an empty window, and what it shows in the end. */
interface Scene {
  title: string;
  says: string;
  /** Keys, and what the window shows before the next ones are pressed. The last is recorded. */
  acts: readonly (readonly [keys: readonly string[], shows: RegExp])[];
  /** In a window of 60 columns that is attached to the same lab. */
  narrow?: true;
}

const line = (text: string): RegExp => new RegExp(`^\\[PS\\] Ex2007EE> ${text}$`, "m");

const scenes: readonly Scene[] = [
  {
    title: "A cmdlet is begun, and Tab completes it",
    says: "Small letters will do. Tab completes parameters too, and thumbprints.",
    acts: [
      [["get-exch", "Tab"], line("Get-ExchangeCertificate")],
      [[" -Th", "Tab"], line("Get-ExchangeCertificate -Thumbprint")],
      [[" ", "Tab"], line("Get-ExchangeCertificate -Thumbprint [0-9A-F]{40}")],
    ],
  },
  {
    title: "Where it could be several, Tab lists them",
    says: "The line stands below the list again, to be gone on with.",
    acts: [
      [["Get-La", "Tab"], line("Get-Lab")],
      [["Tab"], /^Get-LabAuthority .*\n(?:.*\n)*\[PS\] Ex2007EE> Get-Lab$/m],
    ],
  },
  {
    title: "A table",
    says: "As the Exchange Management Shell shows it.",
    acts: [[["Get-ExchangeCertificate", "Enter"], /CN=Ex2007EE\n\[PS\] Ex2007EE>$/m]],
  },
  {
    title: "The line before comes back",
    says: "Up brings it, and it can be changed.",
    acts: [
      [["Up"], line("Get-ExchangeCertificate")],
      [[" | Format-List Thumbprint,NotAfter,Status,Services", "Enter"], /^Services +: .*\n\[PS\] Ex2007EE>$/m],
    ],
  },
  {
    title: "A question, its help, and an answer",
    says: "Nothing is replaced before somebody has said so.",
    acts: [
      [["New-ExchangeCertificate -FriendlyName Second", "Enter"], /\(default is "Y"\):$/m],
      [["?", "Enter"], /^L - .*\n.*\(default is "Y"\):$/m],
      [["n", "Enter"], /CN=Ex2007EE\n\[PS\] Ex2007EE>$/m],
    ],
  },
  {
    title: "Ctrl-C gives up what was typed",
    says: "And all lines of a command that goes on.",
    acts: [
      [["Get-AdSite |", "Enter"], /^>>$/m],
      [["Format-Li", "C-c"], /^>> Format-Li\^C\n\[PS\] Ex2007EE>$/m],
    ],
  },
  {
    title: "Which certificate, and why",
    says: "A table for each selection.",
    acts: [
      [
        ['Get-ExchangeCertificate -Explain "Ex2007EE\\Default Ex2007EE"', "Enter"],
        /X-ANONYMOUSTLS for .*\n(?:.*\n)+\[PS\] Ex2007EE>$/m,
      ],
    ],
  },
  {
    title: "A wide table in a narrow window",
    says: "Columns share what there is; what is cut ends in dots.",
    acts: [
      [
        ["Get-ExchangeCertificate | ft Thumbprint,Subject,CertificateDomains,Status", "Enter"],
        /^-+ .*\n(?:.*CN=.*\n)+\[PS\] Ex2007EE>$/m,
      ],
    ],
    narrow: true,
  },
  {
    title: "Ctrl-C stops what runs",
    says: "A thousand years are begun and not waited for; lab time stands between two things that were due.",
    acts: [
      [["Set-LabClock -By 365000d", "Enter"], /^\d+% Lab time/m],
      [["C-c"], /^Stopped: .*\n\[PS\] Ex2007EE>$/m],
    ],
  },
];

describe("docs/terminal-session.md", function () {
  this.timeout(120_000);
  const place = usePlace();
  const page = new URL("../../docs/terminal-session.md", import.meta.url);
  before(withTool("tmux"));

  it("is a session in a real terminal, played again (UPDATE_DOCS=1 records it anew)", async () => {
    const file = await place.write("recorded.yaml", lab);
    const prompt = /^\[PS\] Ex2007EE>$/m;
    const wide = await openTerminal(place, ["shell", file, "--directory", "embedded"], { columns: 100, rows: 40 });
    await wide.shows(prompt);
    const narrow = await openTerminal(place, ["shell", "--lab", "recorded"], { columns: 60, rows: 40 });
    await narrow.shows(prompt);

    const mask = masking();
    const played: string[] = [];
    for (const scene of scenes) {
      const shown = await play(scene, scene.narrow ? narrow : wide);
      played.push(`## ${scene.title}\n\n${scene.says}\n\n\`\`\`\n${mask(shown)}\n\`\`\`\n`);
    }
    for (const window of [narrow, wide]) {
      window.press("quit", "Enter");
      await window.ended;
    }
    const recorded = `${introduction}\n${played.join("\n")}`;
    if (process.env.UPDATE_DOCS === "1") await writeFile(page, recorded);
    expect(recorded).to.equal(await readFile(page, "utf8"));
  });
});

const introduction = `# A session in a terminal

What \`hubedge shell\` shows in a real pseudo-terminal of 100 columns (tmux), recorded by \`npm run docs\` and played again by
\`test/interop/terminal-session.test.ts\`. Each certificate's thumbprint stands as a digit of its own, lab time as the moment of the start.
`;

/** Plays a scene in an empty window, and leaves an empty line behind. Returns what it showed, without blanks at the end. */
async function play({ acts }: Scene, window: TerminalWindow): Promise<string> {
  window.press("C-e", "C-u", "C-l");
  await window.shows(/^\[PS\] Ex2007EE>\n*$/);
  let shown = "";
  for (const [keys, until] of acts) {
    window.press(...keys);
    shown = await window.shows(until);
  }
  return shown.trimEnd();
}

/** The same text for every run: each thumbprint becomes a digit of its own, and times are that of the start. */
function masking(): (text: string) => string {
  const known: string[] = [];
  const digitOf = (thumbprint: string): string => {
    const begin = thumbprint.slice(0, 8);
    if (!known.includes(begin)) known.push(begin);
    return String(known.indexOf(begin) + 1);
  };
  return (text) =>
    text
      .replaceAll(/\b[0-9A-F]{8,40}(?=\b|\.{3})/g, (found) => digitOf(found).repeat(found.length))
      .replaceAll(/(?<=stopped at ).*(?= of )/g, "5/12/2008 10:00:00 AM")
      .replaceAll(/\d+:\d\d:\d\d(?=\s[AP]M)/g, "10:00:00");
}
