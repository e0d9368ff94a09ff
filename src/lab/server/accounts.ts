import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { passwordVerifier, systemCodeOf, verifyPassword, writeFileAtomically } from "../../base/index.ts";
import { type DirectoryWrite, objectWrite, type OrganizationView } from "../../directory/index.ts";
import type { Topology } from "../api/index.ts";

/** The lab's users: who they are to a client that logs on, and to a person who asks for their password. */
export interface Accounts {
  readonly passwords: ReadonlyMap<string, string>;
  writes(): Promise<DirectoryWrite[]>;
}

/**
 * Gives every mailbox its password: the declared one, the one of an earlier start, or a new one. Passwords lie in one
 * file of the data folder, readable by its owner only; the directory holds verifiers.
 */
export async function openAccounts(mailboxes: Topology["mailboxes"], dataFolder: string): Promise<Accounts> {
  const path = join(dataFolder, "passwords.json");
  const before = new Map(Object.entries(JSON.parse(await readOr(path, "{}")) as Record<string, string>));
  const passwords = new Map(
    mailboxes.map(({ name, password }) => [name, password ?? before.get(name) ?? generatePassword()]),
  );
  await writeFileAtomically(path, JSON.stringify(Object.fromEntries(passwords)), { mode: 0o600 });
  return {
    passwords,
    writes: () =>
      Promise.all(
        mailboxes.map(async ({ name, server, addresses, requireSenderAuthentication, safeSenders }) =>
          objectWrite("mailbox", {
            name,
            displayName: name,
            server,
            addresses,
            passwordVerifier: await passwordVerifier(passwords.get(name) as string),
            requireSenderAuthentication,
            safeSenders,
            safeRecipients: [],
          }),
        ),
      ),
  };
}

/**
 * Checks a log-on. A user is named by alias, by any address, or as `DOMAIN\alias`.
 *
 * @returns the account and the addresses it may send as; undefined when the name or the password is wrong
 */
export async function checkLogon(
  organization: OrganizationView,
  domain: string,
  user: string,
  password: string,
): Promise<{ identity: string; addresses: readonly string[] } | undefined> {
  const [, prefix, alias] = /^(?:([^\\]*)\\)?(.*)$/.exec(user) as RegExpExecArray;
  if (prefix !== undefined && prefix.toUpperCase() !== domain) return undefined;
  const mailbox = organization.mailboxByAddress(alias ?? "") ?? organization.mailbox(alias ?? "");
  const right = await verifyPassword(password, mailbox?.passwordVerifier);
  return mailbox && right ? { identity: `${domain}\\${mailbox.name}`, addresses: mailbox.addresses } : undefined;
}

/** A password nobody has to remember: 80 bits, in letters that are hard to confuse. */
function generatePassword(): string {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return Array.from(randomBytes(16), (byte) => letters[byte % 32]).join("");
}

async function readOr(path: string, otherwise: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return otherwise;
    throw failure;
  }
}
