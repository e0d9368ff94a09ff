import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { PeerCertificate } from "../smtp/index.ts";
import { certificateName } from "./sessions.ts";

/**
 * What certificates are, by thumbprint, as the journals tell that lie in a folder above one of these files: a Send log
 * gives only the thumbprint of what it received. Journals that cannot be read tell nothing.
 */
export async function namesFromJournals(logs: readonly string[]): Promise<Map<string, string>> {
  const folders = new Set(logs.flatMap((path) => foldersAbove(resolve(path), 4)));
  const journals = (await Promise.all([...folders].map(journalsIn))).flat();
  const texts = await Promise.all(journals.map((path) => readFile(path, "utf8").catch(() => "")));
  return new Map(texts.flatMap((text) => text.split("\n").flatMap(nameIn)));
}

/** `logs/<lab>/<server>/ProtocolLog/SmtpSend/SEND….LOG`: the journal is four folders up. */
function foldersAbove(path: string, count: number): string[] {
  const folder = dirname(path);
  return count === 0 ? [] : [folder, ...foldersAbove(folder, count - 1)];
}

async function journalsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^journal-.*\.ndjson$/.test(name)).map((name) => join(folder, name));
}

function nameIn(line: string): [string, string][] {
  if (!line.includes('"received":{')) return [];
  try {
    const { received } = (JSON.parse(line) as { tls: { received: PeerCertificate } }).tls;
    return [[received.thumbprint, certificateName(received.subject, received.selfSigned)]];
  } catch {
    return []; // cut off in the middle, or somebody else's
  }
}
