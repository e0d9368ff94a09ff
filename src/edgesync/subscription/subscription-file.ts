import { type KeyObject, sign, verify } from "node:crypto";
import { edgeFileMalformed } from "../errors.ts";

/**
 * What an Edge server says of itself when it is to be subscribed. Source: [bb266959], the fields of the file and their
 * names. Ours: how they are written, and the signature (docs/fidelity.md#subscription-file).
 */
export interface SubscriptionFile {
  edgeServerName: string;
  edgeServerFqdn: string;
  /** The internal transport certificate, DER in base64. */
  edgeCertificateBlob: string;
  /** The bootstrap account, in spite of the name, and its password in the clear. */
  esraUsername: string;
  esraPassword: string;
  effectiveDate: Date;
  durationMinutes: number;
  adamSslPort: number;
  serverType: string;
  productId: string;
  versionNumber: number;
  serialNumber: string;
}

/** Of the format. */
export const subscriptionFileVersion = 1;

const longestFile = 64 * 1024;
const root = "EdgeSubscriptionData";

/** The elements in their order, and what each may hold. */
const elements: readonly { name: string; field: keyof SubscriptionFile; may: RegExp; wanted: string }[] = [
  { name: "EdgeServerName", field: "edgeServerName", may: /^[A-Za-z0-9-]{1,15}$/, wanted: "a host name" },
  { name: "EdgeServerFQDN", field: "edgeServerFqdn", may: /^[A-Za-z0-9.-]{1,253}$/, wanted: "an FQDN" },
  { name: "EdgeCertificateBlob", field: "edgeCertificateBlob", may: /^[A-Za-z0-9+/]+={0,2}$/, wanted: "base64" },
  { name: "ESRAUsername", field: "esraUsername", may: /^\P{Cc}{1,64}$/u, wanted: "the name of an account" },
  { name: "ESRAPassword", field: "esraPassword", may: /^\P{Cc}{1,256}$/u, wanted: "a password" },
  {
    name: "EffectiveDate",
    field: "effectiveDate",
    may: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    wanted: "an instant like 2008-05-12T10:00:00.000Z",
  },
  { name: "Duration", field: "durationMinutes", may: /^PT[1-9]\d{0,5}M$/, wanted: "minutes like PT1440M" },
  { name: "AdamSslPort", field: "adamSslPort", may: /^[1-9]\d{0,4}$/, wanted: "a port" },
  { name: "ServerType", field: "serverType", may: /^\P{Cc}{0,256}$/u, wanted: "a line of text" },
  { name: "ProductID", field: "productId", may: /^\P{Cc}{0,256}$/u, wanted: "a line of text" },
  { name: "VersionNumber", field: "versionNumber", may: /^1$/, wanted: "version 1 of the format" },
  { name: "SerialNumber", field: "serialNumber", may: /^\P{Cc}{0,256}$/u, wanted: "a line of text" },
];
const signatureElement = { name: "Signature", may: /^[A-Za-z0-9+/]+={0,2}$/, wanted: "base64" };

/** Writes the file, signed with the key of the certificate in it. `parseSubscriptionFile` reads it back. */
export function formatSubscriptionFile(file: SubscriptionFile, key: KeyObject): string {
  const signature = sign(digestOf(key), signedPart(file), key).toString("base64");
  const lines = [
    ...elements.map(({ name, field }) => element(name, written(file[field], field))),
    element("Signature", signature),
  ];
  return [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<${root}>`,
    ...lines.map((line) => `  ${line}`),
    `</${root}>`,
    "",
  ].join("\n");
}

/** Whether nothing of the file has changed since it was signed with the other half of `publicKey`. */
export const isSignedWith = (file: SubscriptionFile, signature: string, publicKey: KeyObject): boolean =>
  verify(digestOf(publicKey), signedPart(file), publicKey, Buffer.from(signature, "base64"));

/** Ed25519 brings its own. */
const digestOf = ({ asymmetricKeyType }: KeyObject): string | null =>
  asymmetricKeyType === "ed25519" ? null : "sha256";

/** The elements but the signature, each on a line, without whatever stands between them in the file. */
const signedPart = (file: SubscriptionFile): Buffer =>
  Buffer.from(elements.map(({ name, field }) => `${element(name, written(file[field], field))}\n`).join(""));

const element = (name: string, value: string): string => `<${name}>${escaped(value)}</${name}>`;

function written(value: SubscriptionFile[keyof SubscriptionFile], field: keyof SubscriptionFile): string {
  if (value instanceof Date) return value.toISOString();
  return field === "durationMinutes" ? `PT${value}M` : String(value);
}

/**
 * Reads exactly the format that `formatSubscriptionFile` writes: its elements, in their order, once each, with nothing
 * but white space between them; no attributes, comments or entities of one's own. Who signed it is not judged here.
 * Throws EDGE_FILE_MALFORMED.
 */
export function parseSubscriptionFile(text: string): { file: SubscriptionFile; signature: string } {
  if (text.length > longestFile) throw edgeFileMalformed(1, `it is longer than ${longestFile} characters`);
  const reader = new ElementReader(text);
  reader.begin();
  const values = new Map(elements.map(({ name, field, may, wanted }) => [field, reader.element(name, may, wanted)]));
  const signature = reader.element(signatureElement.name, signatureElement.may, signatureElement.wanted);
  reader.end();
  const value = (field: keyof SubscriptionFile): string => values.get(field) ?? "";
  return {
    signature,
    file: {
      edgeServerName: value("edgeServerName"),
      edgeServerFqdn: value("edgeServerFqdn"),
      edgeCertificateBlob: value("edgeCertificateBlob"),
      esraUsername: value("esraUsername"),
      esraPassword: value("esraPassword"),
      effectiveDate: reader.instant(value("effectiveDate")),
      durationMinutes: Number(value("durationMinutes").slice(2, -1)),
      adamSslPort: reader.port(value("adamSslPort")),
      serverType: value("serverType"),
      productId: value("productId"),
      versionNumber: Number(value("versionNumber")),
      serialNumber: value("serialNumber"),
    },
  };
}

/** Goes through the text once, from its beginning to its end. */
class ElementReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  begin(): void {
    this.#skip(/\uFEFF?/y);
    this.#skip(/<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")?\s*\?>/y);
    this.#take(new RegExp(`\\s*<${root}>`, "y"), `<${root}> is wanted`);
  }

  element(name: string, may: RegExp, wanted: string): string {
    this.#skip(/\s*/y);
    if (this.#skip(new RegExp(`<${name}\\s*/>`, "y"))) return this.#checked("", name, may, wanted);
    this.#take(new RegExp(`<${name}>`, "y"), `<${name}> is wanted`);
    const content = this.#take(/[^<]*/y, "");
    const value = unescaped(content);
    if (value === undefined) this.#fail(`<${name}> holds an & that begins none of &amp; &lt; &gt; &quot; &apos;`);
    const checked = this.#checked(value, name, may, wanted);
    this.#take(new RegExp(`</${name}>`, "y"), `</${name}> is wanted`);
    return checked;
  }

  end(): void {
    this.#take(new RegExp(`\\s*</${root}>`, "y"), `</${root}> is wanted`);
    this.#take(/\s*$/y, "nothing may follow");
  }

  instant(text: string): Date {
    const instant = new Date(text);
    if (Number.isNaN(instant.getTime()) || instant.toISOString() !== text) this.#fail(`there is no instant ${text}`);
    return instant;
  }

  port(text: string): number {
    if (Number(text) > 65_535) this.#fail(`there is no port ${text}`);
    return Number(text);
  }

  #checked(value: string, name: string, may: RegExp, wanted: string): string {
    if (!may.test(value) || /\p{Cs}/u.test(value)) this.#fail(`<${name}> must hold ${wanted}`);
    return value;
  }

  #take(pattern: RegExp, wanted: string): string {
    const taken = this.#skip(pattern);
    if (taken === undefined)
      this.#fail(`${wanted}, found ${JSON.stringify(this.#text.slice(this.#at).trimStart().slice(0, 40))}`);
    return taken;
  }

  #skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(problem: string): never {
    const space = /^\s*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0;
    throw edgeFileMalformed(this.#text.slice(0, this.#at + space).split("\n").length, problem);
  }
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const escaped = (value: string): string =>
  value.replace(/[&<>]/g, (sign) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : "&gt;"));

/** Undefined where an & begins none of the five. */
function unescaped(content: string): string | undefined {
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(content)) return undefined;
  return content.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? "");
}
