import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf, writeFileAtomically } from "../../base/index.ts";
import { unreadableMachineKey } from "../errors.ts";

/**
 * A server's own secret among Exchange servers: an Ed25519 key pair.
 * Ours: stands in for the password of its computer account (docs/fidelity.md#x-exps).
 */
export interface MachineKey {
  /** For use in this process only: it never serialises. */
  privateKey: KeyObject;
  /** SPKI DER in base64, as the directory publishes it. */
  publicKey: string;
}

export function newMachineKey(): MachineKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return machineKeyOf(privateKey);
}

const machineKeyOf = (privateKey: KeyObject): MachineKey => ({
  privateKey,
  publicKey: createPublicKey(privateKey).export({ type: "spki", format: "der" }).toString("base64"),
});

/**
 * Reads the machine key that lies in a server's folder, or makes one there, readable by its owner only.
 * Rejects CERT_MACHINE_KEY_UNREADABLE.
 */
export async function openMachineKey(folder: string): Promise<MachineKey> {
  const path = join(folder, "machine.key");
  try {
    return machineKeyOf(readEd25519(await readFile(path, "utf8")));
  } catch (failure) {
    if (systemCodeOf(failure) !== "ENOENT") throw unreadableMachineKey(path, failure);
  }
  const made = newMachineKey();
  const pem = made.privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFileAtomically(path, pem, { mode: 0o600, durable: false });
  return made;
}

function readEd25519(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error(`it holds a key of type ${key.asymmetricKeyType ?? "unknown"}`);
  return key;
}
