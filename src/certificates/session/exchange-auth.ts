import { createPublicKey, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import type { Decision, Step } from "../../base/index.ts";
import { fromBase64 } from "../der/base64.ts";
import type { MachineKey } from "./machine-key.ts";
import type { ReplayCache } from "./replay-cache.ts";

/** What both sides know of the TLS session they share. */
interface ExchangeAuthSession {
  /** `exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0))` of this side's socket. Source: RFC 9266 §2. */
  channelBinding: Uint8Array;
  /** Of the certificate that the receiver presented: 64 upper-case hex digits. */
  serverCertificateSha256: string;
  /** Lab time. */
  now: Date;
}

/** What is signed, by the sender for its purpose and by the receiver, in answer, for the other. */
interface Statement {
  purpose: "hubedge X-EXPS authenticator" | "hubedge X-EXPS answer";
  from: string;
  to: string;
  nonce: string;
  /** ISO 8601. */
  expires: string;
  /** Base64. */
  channelBinding: string;
  certificate: string;
}

const validityMs = 5 * 60_000;
const signatureBytes = 64;

const signatureOf = (statement: Statement, key: MachineKey): Buffer =>
  sign(null, Buffer.from(JSON.stringify(statement)), key.privateKey);

/** Whether `signature` is that of `text` by a public key as the directory publishes it. */
function isSignedWith(publicKey: string, text: Uint8Array, signature: Uint8Array): boolean {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  } catch {
    return false; // what the directory holds is no key
  }
  return key.asymmetricKeyType === "ed25519" && verify(null, text, key, signature);
}

/**
 * Makes what a sender says after `X-EXPS EXCHANGEAUTH` to prove which server it is, in this TLS session only.
 *
 * @param about `from` and `to` are FQDNs, `key` the sender's own
 * @returns the line to send, base64 of less than 1000 characters for FQDNs of any usual length, and the check of the
 *   receiver's answer against the receiver's key as the directory publishes it
 * Ours: stands in for Kerberos (docs/fidelity.md#x-exps).
 */
export function createAuthenticator(about: ExchangeAuthSession & { from: string; to: string; key: MachineKey }): {
  blob: string;
  checkAnswer(answer: string, serverKey: string): Decision<boolean>;
} {
  const statement: Statement = {
    purpose: "hubedge X-EXPS authenticator",
    from: about.from,
    to: about.to,
    nonce: randomBytes(16).toString("base64"),
    expires: new Date(about.now.getTime() + validityMs).toISOString(),
    channelBinding: Buffer.from(about.channelBinding).toString("base64"),
    certificate: about.serverCertificateSha256,
  };
  return {
    blob: Buffer.concat([signatureOf(statement, about.key), Buffer.from(JSON.stringify(statement))]).toString("base64"),
    checkAnswer(answer, serverKey) {
      const expected: Statement = { ...statement, purpose: "hubedge X-EXPS answer" };
      const signature = fromBase64(answer);
      const proven =
        signature !== undefined && isSignedWith(serverKey, Buffer.from(JSON.stringify(expected)), signature);
      const text = proven
        ? `${about.to} has answered with its own key`
        : `the answer is not signed with the key of ${about.to}`;
      return { outcome: proven, steps: [{ source: "ours", text }] };
    },
  };
}

/** Whom the receiver believes it talks to, or the error that event 1035 names. Source: [kb979174], the names of the errors. */
type ExchangeAuthResult =
  | { kind: "accepted"; from: string; answer: string; steps: readonly Step[] }
  | { kind: "refused"; error: ExchangeAuthError; steps: readonly Step[] };

type ExchangeAuthError = "LogonDenied" | "IllegalMessage" | "UnexpectedExchangeAuthBlob";

/** What the receiver checks an authenticator against: its own session, and the directory. */
interface ExchangeAuthReceiver extends ExchangeAuthSession {
  /** The receiver's own FQDN. */
  self: string;
  key: MachineKey;
  /** The public key that the directory publishes for a server, undefined for a server it does not know. */
  keyOf(fqdn: string): string | undefined;
  replay: ReplayCache;
}

/**
 * Checks what a sender said after `X-EXPS EXCHANGEAUTH`: every field against this side's own view of the session.
 *
 * @returns the sender's FQDN and the answer to give it; or IllegalMessage for what is no authenticator,
 *   UnexpectedExchangeAuthBlob for one of another purpose, LogonDenied for one that proves nothing here and now
 * Ours: stands in for Kerberos (docs/fidelity.md#x-exps); its five minutes for clocks to differ are kept.
 */
export function verifyAuthenticator(blob: string, receiver: ExchangeAuthReceiver): ExchangeAuthResult {
  const refused = (error: ExchangeAuthError, text: string): ExchangeAuthResult => ({
    kind: "refused",
    error,
    steps: [{ source: "ours", text: `${error}: ${text}` }],
  });
  const bytes = fromBase64(blob);
  const text = bytes?.subarray(signatureBytes);
  const statement = text && parseStatement(text.toString());
  if (!bytes || !text || !statement) return refused("IllegalMessage", "it cannot be read as an authenticator");
  if (statement.purpose !== "hubedge X-EXPS authenticator") {
    return refused("UnexpectedExchangeAuthBlob", `its purpose is "${statement.purpose}"`);
  }
  const key = receiver.keyOf(statement.from);
  if (key === undefined) return refused("LogonDenied", `the directory has no key for ${statement.from}`);
  if (!isSignedWith(key, text, bytes.subarray(0, signatureBytes))) {
    return refused("LogonDenied", `it is not signed with the key of ${statement.from}`);
  }
  const doubt = whyNotHereAndNow(statement, receiver);
  if (doubt !== undefined) return refused("LogonDenied", doubt);
  const answer = signatureOf({ ...statement, purpose: "hubedge X-EXPS answer" }, receiver.key).toString("base64");
  const step = { source: "ours", text: `${statement.from} has signed for this TLS session with its own key` };
  return { kind: "accepted", from: statement.from, answer, steps: [step] };
}

/** Why a genuine authenticator proves nothing in this session, or undefined. Uses up its nonce when all else holds. */
function whyNotHereAndNow(statement: Statement, receiver: ExchangeAuthReceiver): string | undefined {
  const { now, self, channelBinding, serverCertificateSha256, replay } = receiver;
  const expires = new Date(statement.expires);
  if (statement.to.toLowerCase() !== self.toLowerCase()) return `it was made for ${statement.to}`;
  if (statement.channelBinding !== Buffer.from(channelBinding).toString("base64"))
    return "it was made for another TLS session";
  if (statement.certificate !== serverCertificateSha256) return "its maker saw another server certificate";
  // Also false for a date that is none.
  if (!(expires > now))
    return `it expired at ${statement.expires}: it is old, or its maker's clock more than 5 minutes behind`;
  if (!(expires.getTime() <= now.getTime() + 2 * validityMs)) return "its maker's clock is more than 5 minutes ahead";
  if (!replay.use(`${statement.from} ${statement.nonce}`, expires, now)) return "it was used before";
  return undefined;
}

const fields = ["purpose", "from", "to", "nonce", "expires", "channelBinding", "certificate"] as const;

function parseStatement(text: string): Statement | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStatement(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === "object" && value !== null && fields.every((field) => typeof Reflect.get(value, field) === "string");
