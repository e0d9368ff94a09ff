import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { newGuid, systemCodeOf, writeFileAtOnce } from "../base/index.ts";
import { addressKey, headerValue, type SmtpAddress } from "../smtp/index.ts";

/** A message as it lies at an outside host. */
export interface HostedMessage {
  /** The recipient's address. */
  mailbox: SmtpAddress;
  internetMessageId: string;
  /** The `.eml` file. */
  path: string;
  /** Lab time. */
  deliveredAt: Date;
}

/** What lies at an outside host: a folder for each address, made as mail comes. */
export interface HostMail {
  /** Keeps one copy, whole, in its file when this returns. */
  put(address: SmtpAddress, from: SmtpAddress | "", content: Uint8Array, at: Date): void;
  /** What lies there for an address, oldest first. */
  list(address: SmtpAddress): Promise<HostedMessage[]>;
}

/** Opens what lies below `folder`; who looks is shown what is on disk, an earlier start's mail too. */
export function openHostMail(folder: string): HostMail {
  let kept = 0;
  return {
    put(address, from, content, at) {
      const time = at.toISOString().replace(/[-:.]/g, "");
      const name = `${time}-${String(++kept).padStart(6, "0")}-${newGuid().slice(0, 8)}.eml`;
      const returnPath = Buffer.from(`Return-Path: <${from}>\r\n`, "latin1");
      writeFileAtOnce(join(folder, folderName(address), name), Buffer.concat([returnPath, content]));
    },
    async list(address) {
      const place = join(folder, folderName(address));
      const names = (await namesIn(place)).filter((name) => fileName.test(name)).sort();
      return Promise.all(
        names.map(async (name) => {
          const path = join(place, name);
          const internetMessageId = headerValue(await readFile(path), "Message-ID") ?? "";
          return { mailbox: address, internetMessageId, path, deliveredAt: timeIn(name) };
        }),
      );
    },
  };
}

const fileName = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-.*\.eml$/;

const timeIn = (name: string): Date => new Date(name.replace(fileName, "$1-$2-$3T$4:$5:$6.$7Z"));

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (failure) {
    if (systemCodeOf(failure) === "ENOENT") return []; // nothing has come yet
    throw failure;
  }
}

/** In lower case, with `%xx` for every octet that a file system might not take. */
const folderName = (address: SmtpAddress): string =>
  [...Buffer.from(addressKey(address))]
    .map((octet) => {
      const letter = String.fromCharCode(octet);
      return /[a-z0-9_@.-]/.test(letter) ? letter : `%${octet.toString(16).padStart(2, "0")}`;
    })
    .join("")
    .replace(/^\.+/, (dots) => "%2e".repeat(dots.length));
