import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { type Authority, type IssuedList, reopenAuthority, toPem } from "../../certificates/index.ts";
import type { AuthorityFiles } from "../api/index.ts";
import { authorityUnreadable } from "./errors.ts";

/*
 * What an authority keeps below the lab's data, in `world/authorities/<name>`, so that it is the same one when the lab starts
 * again: `certificate.pem`, `revoked.pem` and `revoked.crl`, which is DER, for everybody to read; `key.pem` and
 * `register.json`, its revocations and the number of its latest list, for itself. Ours: docs/formats.md, authorities.
 */

/** Whatever an authority's name has in it, its folder is one, and lies where it should. */
const folderName = (name: string): string => name.replace(/^\.|[%/\\:*?"<>|]/g, (sign) => encodeSign(sign));
const encodeSign = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;

const pathOf = (dataFolder: string, name: string, file: string): string =>
  join(dataFolder, "world", "authorities", folderName(name), file);

export const authorityFiles = (dataFolder: string, name: string): AuthorityFiles => ({
  certificate: pathOf(dataFolder, name, "certificate.pem"),
  list: pathOf(dataFolder, name, "revoked.pem"),
  listDer: pathOf(dataFolder, name, "revoked.crl"),
});

interface Register {
  lists: number;
  revoked: Authority["revoked"];
}

const write = (path: string, content: string | Uint8Array, mode = 0o644): Promise<void> =>
  writeFileAtomically(path, content, { mode, durable: false });

/** A new authority's key and certificate. */
export async function keepAuthority(dataFolder: string, { name, certificate, keyPair }: Authority): Promise<void> {
  await write(pathOf(dataFolder, name, "key.pem"), keyPair.privateKeyPem, 0o600);
  await write(authorityFiles(dataFolder, name).certificate, toPem(certificate));
}

/** What it has revoked, and the list that says so; the register first, since numbers are never used twice. */
export async function keepList(dataFolder: string, authority: Authority, list: IssuedList): Promise<void> {
  const { name, lists, revoked } = authority;
  const register: Register = { lists, revoked };
  await write(pathOf(dataFolder, name, "register.json"), `${JSON.stringify(register, null, 2)}\n`, 0o600);
  await write(authorityFiles(dataFolder, name).list, list.pem);
  await write(authorityFiles(dataFolder, name).listDer, list.der);
}

/**
 * The authority of that name that an earlier start has left; undefined where there is none, or another one is above it now.
 * Rejects LAB_AUTHORITY_UNREADABLE.
 */
export async function readAuthority(
  dataFolder: string,
  name: string,
  issuedBy: Authority | undefined,
): Promise<Authority | undefined> {
  const read = (file: string): Promise<string | undefined> =>
    readFile(pathOf(dataFolder, name, file), "utf8").catch((failure: unknown) => {
      if (systemCodeOf(failure) === "ENOENT") return undefined;
      throw failure;
    });
  try {
    const [certificatePem, privateKeyPem, register] = await Promise.all(
      ["certificate.pem", "key.pem", "register.json"].map(read),
    );
    if (certificatePem === undefined || privateKeyPem === undefined) return undefined;
    return reopenAuthority(name, { certificatePem, privateKeyPem, ...readRegister(register) }, issuedBy);
  } catch (failure) {
    throw authorityUnreadable(name, pathOf(dataFolder, name, ""), messageOf(failure), failure);
  }
}

/** An authority that was ended before its first list has none. */
function readRegister(text: string | undefined): Register {
  if (text === undefined) return { lists: 0, revoked: [] };
  const { lists, revoked } = JSON.parse(text) as Register;
  return { lists, revoked: revoked.map((one) => ({ ...one, at: new Date(one.at) })) };
}
