import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import {
  authoritiesOf,
  type Certificate,
  type KeySource,
  mintCertificate,
  parseCertificate,
} from "../certificates/index.ts";
import { edgeSyncPort, smtpPort, type Zone } from "../dns/index.ts";
import type { Endpoint } from "../smtp/index.ts";
import { injectPlainText } from "./attacks/inject-plain-text.ts";
import { listen } from "./attacks/listen.ts";
import { stripStartTls } from "./attacks/strip-starttls.ts";
import { type Lookalike, swapCertificate } from "./attacks/swap-certificate.ts";
import type { DeclaredAttacker } from "./declared.ts";
import { outsideAddressInUse } from "./errors.ts";
import { type Attack, startMiddle } from "./middle.ts";

/** What an attacker is made of. */
export interface AttackerModules {
  names: Zone;
  /** The FQDN of whom it stands before. */
  target: string;
  /** Where it listens; port 0 takes any free port. */
  at: Endpoint;
  keys: KeySource;
  now(): Date;
}

/** Somebody in the middle, running. */
export interface Attacker {
  readonly name: string;
  readonly before: string;
  readonly endpoint: Endpoint;
  readonly present: boolean;
  /** Stands in the way of whoever looks for its target from now on, or goes and takes its connections along. */
  setPresent(present: boolean): void;
  /** All that it could read so far, connection by connection. */
  heard(): string;
  /** The lookalikes that it has made, in order. */
  certificates(): readonly Certificate[];
  close(): Promise<void>;
}

/** Starts an attacker, in the way already or not yet. Rejects WORLD_ADDRESS_IN_USE. */
export async function startAttacker(declared: DeclaredAttacker, modules: AttackerModules): Promise<Attacker> {
  const { name, before, service } = declared;
  const { names, target, at } = modules;
  const port = service === "smtp" ? smtpPort : edgeSyncPort;
  const made: Certificate[] = [];
  const attack = attackOf(declared, lookalikes(modules, made));
  const middle = await startMiddle(at, () => names.locateTruly(target, port), attack).catch((failure: unknown) => {
    throw outsideAddressInUse(name, at, failure);
  });
  let leave: (() => void) | undefined;
  const attacker: Attacker = {
    name,
    before,
    endpoint: middle.endpoint,
    get present() {
      return leave !== undefined;
    },
    setPresent(present) {
      if (present) leave ??= names.intercept(target, port, middle.endpoint);
      else {
        leave?.();
        leave = undefined;
        middle.cut();
      }
    },
    heard: () => middle.heard(),
    certificates: () => made,
    close() {
      leave?.();
      return middle.close();
    },
  };
  if (declared.fromTheStart) attacker.setPresent(true);
  return attacker;
}

function attackOf({ name, does, service }: DeclaredAttacker, lookalike: Lookalike): Attack {
  switch (does) {
    case "listen":
      return listen;
    case "strip-starttls":
      return stripStartTls;
    case "inject-plain-text":
      return injectPlainText(`MAIL FROM:<${name}@attacker.example>\r\nRCPT TO:<postmaster>\r\n`);
    case "swap-certificate":
      return swapCertificate(lookalike, service === "smtp" ? "starttls" : "start");
  }
}

/** One lookalike for each certificate that is met: the same names, signed by itself, under a key of the attacker's. */
function lookalikes({ keys, now }: AttackerModules, made: Certificate[]): Lookalike {
  const contexts = new Map<string, ReturnType<Lookalike>>();
  return (presented) => {
    const original = parseCertificate(presented);
    const held = contexts.get(original.thumbprint) ?? imitate(original);
    contexts.set(original.thumbprint, held);
    return held;
  };

  async function imitate({ certificateDomains: names }: Certificate): ReturnType<Lookalike> {
    const declared = { issuer: null, names, flaw: null };
    const about = { host: "lookalike.invalid", authorities: authoritiesOf([]), keys, at: now() };
    const { certificate, keyPair } = await mintCertificate(declared, about);
    made.push(certificate);
    return createSecureContext({
      cert: new X509Certificate(certificate.der).toString(),
      key: keyPair?.privateKeyPem,
      minVersion: "TLSv1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
  }
}
