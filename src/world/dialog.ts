import { messageOf } from "../base/index.ts";
import type { Endpoint } from "../smtp/index.ts";
import { type Conversation, type ConversationOptions, converse } from "./conversation.ts";
import { dialogMismatch, malformedDialog } from "./errors.ts";

/** One line of a dialog; `number` is its place in the text, from 1. */
type DialogStep = { number: number } & (
  | { kind: "say"; line: string }
  | { kind: "hear"; pattern: string }
  | { kind: "absent"; pattern: string }
  | { kind: "tls" }
);

/**
 * Reads a dialog: `C: ` is said to the server, `S: ` is a line of its reply, with `*` for what varies, `absent: ` is a
 * line that must not be in it, `-- tls --` or `TLS` performs the handshake. `#` begins a comment line.
 * Throws DIALOG_MALFORMED.
 */
export const parseDialog = (text: string): DialogStep[] =>
  text.split(/\r?\n/).flatMap((line, index): DialogStep[] => {
    const number = index + 1;
    if (/^\s*(#|$)/.test(line)) return [];
    if (/^(TLS|-- tls --)\s*$/.test(line)) return [{ number, kind: "tls" }];
    const [, speaker, rest = ""] = /^(C|S|absent): ?(.*)$/.exec(line) ?? [];
    if (speaker === "C") return [{ number, kind: "say", line: rest }];
    if (speaker === "S") return [{ number, kind: "hear", pattern: rest }];
    if (speaker === "absent") return [{ number, kind: "absent", pattern: rest }];
    throw malformedDialog(line, number);
  });

/** Whether the whole of `text` is `pattern`, where `*` stands for anything, also for nothing. */
export function matchesPattern(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`, "s").test(text);
}

interface DialogOptions extends ConversationOptions {
  endpoint: Endpoint;
  /** Of the dialog, as `parseDialog` reads them. */
  lines: readonly string[];
}

interface DialogOutcome {
  /** Every line of both sides, each after `C: ` or `S: `. */
  transcript: readonly string[];
  /** Of the certificate that the server presented; undefined in the clear. */
  certificateThumbprint: string | undefined;
}

/**
 * Holds a conversation as the dialog has it; the greeting is the first reply. The `S: ` lines must be in the reply in
 * their order, and other lines may stand between them; after a reply's last line, the next reply is meant. `absent: `
 * looks at the whole of the reply that was heard last, or of the next one when something was said since.
 *
 * Rejects DIALOG_MALFORMED before anything is sent, the system's error when it cannot connect, and DIALOG_MISMATCH with
 * expected beside found and the conversation so far.
 */
export async function holdDialog({ endpoint, lines, ...options }: DialogOptions): Promise<DialogOutcome> {
  const steps = parseDialog(lines.join("\n"));
  const peer = await converse(endpoint, options);
  try {
    return { transcript: await play(steps, peer), certificateThumbprint: peer.certificateThumbprint };
  } finally {
    peer.close();
  }
}

/** What was heard of the server: a whole reply, and the first of its lines that no `S: ` has named yet. */
interface Heard {
  lines: readonly string[];
  next: number;
}

async function play(steps: readonly DialogStep[], peer: Conversation): Promise<string[]> {
  const transcript: string[] = [];
  let heard: Heard | undefined;
  const hear = async (number: number, expected: string): Promise<Heard> => {
    const lines = await peer.reply().catch((failure: unknown) => {
      throw dialogMismatch(number, expected, messageOf(failure), transcript);
    });
    transcript.push(...lines.map((line) => `S: ${line}`));
    return { lines, next: 0 };
  };

  for (const step of steps) {
    const { number } = step;
    switch (step.kind) {
      case "say":
        transcript.push(`C: ${step.line}`);
        peer.send(step.line);
        heard = undefined;
        break;
      case "hear": {
        if (!heard || heard.next === heard.lines.length) heard = await hear(number, step.pattern);
        const { lines, next } = heard;
        const at = lines.findIndex((line, index) => index >= next && matchesPattern(step.pattern, line));
        if (at < 0) throw dialogMismatch(number, step.pattern, lines.slice(next).join(" / "), transcript);
        heard.next = at + 1;
        break;
      }
      case "absent": {
        heard ??= await hear(number, `no line ${step.pattern}`);
        const found = heard.lines.find((line) => matchesPattern(step.pattern, line));
        if (found !== undefined) throw dialogMismatch(number, `no line ${step.pattern}`, found, transcript);
        break;
      }
      case "tls":
        heard ??= await hear(number, "a go-ahead for TLS");
        await peer.startTls();
        transcript.push("-- tls --");
        heard = undefined;
    }
  }
  return transcript;
}
