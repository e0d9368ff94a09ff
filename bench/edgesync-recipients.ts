import { createHash } from "node:crypto";
import { type Directory, type DirectoryWrite, type Mailbox, objectWrite } from "../src/directory/index.ts";

/** Where the Edge server's directory is, for all contenders. */
export const lab = "bench";
export const edgeName = "EDGE1";

/** Objects that go into one step. */
export const batchSize = 500;

/** A mailbox with two addresses; every tenth has a safelist. */
export function benchMailbox(number: number, revision = 0): Mailbox {
  const name = `user${String(number).padStart(6, "0")}`;
  return {
    name,
    displayName: `Bench User ${number}`,
    server: "HUB1",
    addresses: [`${name}@bench.example`, `${revision === 0 ? "first" : `r${revision}`}.${name}@bench.example`],
    passwordVerifier: `${Buffer.alloc(16).toString("base64")}:${Buffer.alloc(32).toString("base64")}`,
    requireSenderAuthentication: false,
    safeSenders: number % 10 === 0 ? ["fabrikam.example", "woodgrove.example", `friend${number}@adatum.example`] : [],
    safeRecipients: [],
  };
}

/** The first `count` mailboxes as writes, in batches. */
export function* mailboxBatches(count: number): Iterable<DirectoryWrite[]> {
  for (let done = 0; done < count; done += batchSize) {
    const size = Math.min(batchSize, count - done);
    yield Array.from({ length: size }, (_, place) => objectWrite("mailbox", benchMailbox(done + place)));
  }
}

/** Of all recipients that a directory holds: how many, and a digest of every id and every value. */
export async function recipientsIn(directory: Directory): Promise<{ recipients: number; digest: string }> {
  const { changes } = await directory.changesSince(undefined);
  const lines = changes.flatMap((change) => {
    if (change.kind === "removed" || change.object.kind !== "recipient") return [];
    return [`${change.object.id} ${JSON.stringify(Object.entries(change.object.attributes).sort())}`];
  });
  return { recipients: lines.length, digest: createHash("sha256").update(lines.sort().join("\n")).digest("hex") };
}
