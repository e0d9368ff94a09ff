import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, { N: number }, Buffer>(scrypt);
const cost = { N: 2 ** 12 };

/** What a directory keeps of a password: `<salt>:<hash>`, both base64. */
export async function passwordVerifier(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString("base64")}:${(await derive(password, salt, 32, cost)).toString("base64")}`;
}

/** Whether it is the password. Takes as long for an account that does not exist, whose verifier is undefined. */
export async function verifyPassword(password: string, verifier: string | undefined): Promise<boolean> {
  const [salt = Buffer.alloc(16), hash = Buffer.alloc(32)] = (verifier ?? "")
    .split(":")
    .map((part) => Buffer.from(part, "base64"));
  const derived = await derive(password, salt, 32, cost);
  return verifier !== undefined && hash.length === derived.length && timingSafeEqual(derived, hash);
}
