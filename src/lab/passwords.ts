import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, { N: number }, Buffer>(scrypt);
const cost = { N: 2 ** 12 };

/** A password nobody has to remember: 80 bits, in letters that are hard to confuse. */
export function generatePassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return Array.from(randomBytes(16), (byte) => letters[byte % 32]).join("");
}

/** What the directory keeps of a password: `<salt>:<hash>`, both base64. */
export async function passwordVerifier(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString("base64")}:${(await derive(password, salt, 32, cost)).toString("base64")}`;
}

export async function verifyPassword(password: string, verifier: string): Promise<boolean> {
  const [salt, hash] = verifier.split(":").map((part) => Buffer.from(part, "base64"));
  if (salt === undefined || hash?.length !== 32) return false;
  return timingSafeEqual(await derive(password, salt, 32, cost), hash);
}
