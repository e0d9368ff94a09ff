#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { type Io, main } from "./cli/index.ts";

/** argv and environment in, exit code out. */
const listeners = new Set<() => void>();
let interruptions = 0;
const interrupt = (): void => {
  // A second Ctrl-C does not wait for anything.
  if (listeners.size === 0 || ++interruptions > 1) process.exit(130);
  for (const listener of listeners) listener();
};
process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
  interactive: process.stdin.isTTY === true,
  input: process.stdin,
  terminal: process.stdin.isTTY && process.stdout.isTTY ? { input: process.stdin, output: process.stdout } : undefined,
  env: process.env,
  cwd: process.cwd(),
  exit: (code) => {
    process.exitCode = code;
  },
  onInterrupt: (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** package.json lies two folders up in the package (dist/src) and one up in the source tree. */
const packageFile = ["../package.json", "../../package.json"].map((path) => new URL(path, import.meta.url));
const versionIn = (file: URL): string | undefined => {
  try {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name: string; version: string };
    return name === "hubedge" ? version : undefined;
  } catch {
    return undefined;
  }
};

await main(process.argv.slice(2), io, packageFile.map(versionIn).find((version) => version !== undefined) ?? "unknown");
