import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { makePrivateFolder, newGuid, writeFileAtomically } from "../base/index.ts";

/** A key pair as text: PKCS #8 and SPKI, both PEM. */
export interface KeyPair {
  kind: "RSA" | "P-256";
  privateKeyPem: string;
  publicKeyPem: string;
}

/** A key pair of any kind. */
export type KeyPems = Pick<KeyPair, "privateKeyPem" | "publicKeyPem">;

/** How long RSA keys can be. Source: [exchange-certificate-cmdlets], KeySize. */
export const keySizes = [1024, 2048, 4096] as const;
export type KeySize = (typeof keySizes)[number];

/** Where a lab gets its keys. One lab, one source: it never gives the same key twice. */
export interface KeySource {
  /**
   * A key nobody else in this lab has. Rejects once the source is closed.
   *
   * @param size an RSA key of so many bits; undefined: whatever the source gives, RSA 2048 or P-256
   */
  lease(size?: KeySize): Promise<KeyPair>;
  /** Resolves when nothing is being made any more; what was not begun is not made. */
  close(): Promise<void>;
}

interface KeySourceOptions {
  /** The private cache, by default `~/.cache/hubedge/keys`; made with mode 0700. Used by `cached` alone. */
  folder: string;
  /** RSA 2048 from the cache, RSA 2048 made anew, or P-256 made anew. */
  mode: "cached" | "fresh" | "p256";
}

/**
 * Opens a source of keys. `cached` leases keys that earlier runs left in the cache, in random order, and adds to it only
 * what it lacked. Labs that run at the same time may get the same key, each under a certificate of its own; within
 * a lab that never happens. A cache that cannot be made private or written is not used: keys take longer then, and that is all.
 *
 * Ours: Exchange makes a new RSA 2048 key for each certificate (docs/adr/0004-certificates-libraries.md).
 */
export function openKeySource({ folder, mode }: KeySourceOptions): KeySource {
  let closed = false;
  const leases = new Set<Promise<KeyPair>>();
  const inTurn = takingTurns(Math.max(1, Math.min(3, availableParallelism())));
  let stock: Promise<string[] | undefined> | undefined;

  const make = (kind: KeyPair["kind"], size?: KeySize): Promise<KeyPair> =>
    inTurn(() => {
      if (closed) throw sourceClosed();
      return generate(kind, size);
    });
  const leaseCached = async (): Promise<KeyPair> => {
    stock ??= listCache(folder);
    const files = await stock;
    for (let file = files?.pop(); file !== undefined; file = files?.pop()) {
      const path = join(folder, file);
      const keyPair = await inTurn(() => readCached(path));
      if (keyPair) return keyPair;
    }
    const made = await make("RSA");
    if (files) await keep(folder, made);
    return made;
  };
  return {
    async lease(size) {
      if (closed) throw sourceClosed();
      const isCached = mode === "cached" && (size ?? 2048) === 2048; // the cache has no others
      const lease = isCached ? leaseCached() : make(mode === "p256" && size === undefined ? "P-256" : "RSA", size);
      leases.add(lease);
      return lease.finally(() => leases.delete(lease));
    },
    async close() {
      closed = true;
      await Promise.allSettled(leases);
    },
  };
}

const sourceClosed = (): Error => new Error("No key is made any more: the lab's key source is closed");

/** Runs at most `most` tasks at once, in the order they came: the thread pool serves files and sockets too. */
function takingTurns(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place passes to the next in line, or becomes free.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

const generatePair = promisify(generateKeyPair);

/** In libuv's pool by `crypto.generateKeyPair`: WebCrypto holds the loop up for longer. */
async function generate(kind: KeyPair["kind"], size: KeySize = 2048): Promise<KeyPair> {
  const { privateKey, publicKey } =
    kind === "RSA"
      ? await generatePair("rsa", { modulusLength: size })
      : await generatePair("ec", { namedCurve: "P-256" });
  return { kind, ...pemsOf(privateKey, publicKey) };
}

const pemsOf = (privateKey: KeyObject, publicKey: KeyObject): KeyPems => ({
  privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
});

/** The pair of a private key as a lab's key source has made it, PKCS #8, PEM. Throws where it is none. */
export function keyPairOf(privateKeyPem: string): KeyPair {
  const privateKey = createPrivateKey(privateKeyPem);
  const kind = privateKey.asymmetricKeyType === "rsa" ? "RSA" : "P-256";
  return { kind, ...pemsOf(privateKey, createPublicKey(privateKey)) };
}

const cachedName = /^rsa-2048-[0-9a-f-]{36}\.pem$/;
const cachedContent =
  /^(-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n)(-----BEGIN PUBLIC KEY-----\n[^-]+-----END PUBLIC KEY-----\n)$/;

/** The cache's files in random order, or undefined where it must not or cannot be used. */
async function listCache(folder: string): Promise<string[] | undefined> {
  try {
    await makePrivateFolder(folder);
    return shuffled((await readdir(folder)).filter((name) => cachedName.test(name)));
  } catch {
    return undefined;
  }
}

function shuffled(names: string[]): string[] {
  for (let last = names.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [names[last], names[other]] = [names[other] as string, names[last] as string];
  }
  return names;
}

/** Undefined for a file that somebody removed or damaged: another key takes its place. */
async function readCached(path: string): Promise<KeyPair | undefined> {
  const [, privateKeyPem, publicKeyPem] = cachedContent.exec(await readFile(path, "utf8").catch(() => "")) ?? [];
  return privateKeyPem && publicKeyPem ? { kind: "RSA", privateKeyPem, publicKeyPem } : undefined;
}

async function keep(folder: string, { privateKeyPem, publicKeyPem }: KeyPair): Promise<void> {
  const path = join(folder, `rsa-2048-${newGuid()}.pem`);
  // A full or read-only disk costs the next run time, nothing else.
  await writeFileAtomically(path, privateKeyPem + publicKeyPem, { mode: 0o600, durable: false }).catch(() => undefined);
}
