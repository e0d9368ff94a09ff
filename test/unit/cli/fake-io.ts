import { PassThrough } from "node:stream";
import type { Io } from "../../../src/cli/index.ts";
import { main } from "../../../src/cli/index.ts";
import { cacheFolder } from "../../helpers/lab.ts";

/** The world outside of a command, in memory. */
export interface FakeIo extends Io {
  readonly written: { out: string; err: string; code: number | undefined };
  readonly input: PassThrough;
  /** Ctrl-C. */
  interrupt(): void;
  /** Resolves once standard output has that text. */
  shows(text: string): Promise<void>;
}

export function fakeIo(cwd: string, change: { interactive?: boolean; env?: Record<string, string> } = {}): FakeIo {
  const written: FakeIo["written"] = { out: "", err: "", code: undefined };
  const interrupts = new Set<() => void>();
  const waiting = new Set<() => void>();
  return {
    written,
    out(text) {
      written.out += text;
      for (const look of waiting) look();
    },
    err(text) {
      written.err += text;
    },
    colour: false,
    interactive: change.interactive ?? false,
    input: new PassThrough(),
    terminal: undefined,
    env: { PATH: process.env.PATH, XDG_CACHE_HOME: cacheFolder, ...change.env },
    cwd,
    exit(code) {
      written.code = code;
    },
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => void interrupts.delete(listener);
    },
    interrupt() {
      for (const listener of interrupts) listener();
    },
    shows: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!written.out.includes(text)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** Runs a command line to its end. */
export async function hubedge(io: FakeIo, ...argv: string[]): Promise<FakeIo["written"]> {
  await main(argv, io, "1.2.3");
  return io.written;
}

/** A scenario of one server whose key is made in no time, with these steps. */
export const oneServer = (name: string, steps: string): string => `
name: ${name}
tags: [${name.toLowerCase()}]
lab:
  organization: proexchange
  domains: [proexchange.local]
  keys: p256
  sites: { SiteA: {} }
  servers: { EX1: { site: SiteA, roles: [HubTransport, Mailbox] } }
  mailboxes: { anna: { server: EX1 }, bob: { server: EX1 } }
steps:
${steps}
`;

export const goodSteps = "  - send: { from: anna, to: bob, as: hello }\n  - expect: { delivered: hello, to: bob }";
export const badSteps =
  "  - send: { from: anna, to: bob, as: hello }\n  - expect: { never: { delivered: hello, to: bob } }";
