import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, watch } from "node:fs";
import { chmod, chown, readdir, readFile } from "node:fs/promises";
import { randomInt } from "node:crypto";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { Endpoint } from "../../src/smtp/index.ts";
import type { Place } from "./lab.ts";
import { runTool, toolEnvironment } from "./tools.ts";

/** How a Postfix of a test is set up. */
export interface PostfixPlan {
  /** Its FQDN. */
  name: string;
  /** Where it listens, and where its own connections come from. */
  at: Endpoint;
  /** Addresses whose mail it keeps, all in one domain. */
  mailboxes: readonly string[];
  /** Where it takes mail for these domains, in Postfix's words: `[127.1.251.1]:25`. */
  transports: Readonly<Record<string, string>>;
  /** Parameters of main.cf, beside those that every test needs. */
  settings: Readonly<Record<string, string>>;
}

/** What became of a message, by the log: `sent`, `deferred`, `bounced`, and what Postfix adds in parentheses. */
export interface Fate {
  status: string;
  said: string;
}

/** A Postfix of the test's own, with its own configuration, queue and mailboxes. */
export interface Postfix {
  /** Waits until the mail log matches. */
  logs(pattern: RegExp): Promise<RegExpExecArray>;
  /** Everything that it has logged so far. */
  log(): string;
  /** Submits a message as somebody on that machine would; resolves with what first became of it. */
  send(mail: { from: string; to: string; subject: string }): Promise<Fate>;
  /** What first became of a message that it has sent or was sent. */
  fateOf(internetMessageId: string): Promise<Fate>;
  /** The content of every message in a mailbox. */
  inbox(address: string): Promise<string[]>;
}

/**
 * An endpoint at which nobody listens, for a server that must be told beforehand. No lab and hardly anybody else uses
 * 127.255.0.0/16, so it stays free; some systems have 127.0.0.1 only.
 */
export const freeEndpoint = (): Promise<Endpoint> =>
  freeAt(`127.255.${randomInt(1, 255)}.${randomInt(1, 255)}`).catch(() => freeAt("127.0.0.1"));

async function freeAt(address: string): Promise<Endpoint> {
  const socket = createServer().listen(0, address);
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, "close");
  return { address, port };
}

/** Starts a Postfix in `place`; it ends with the suite. The service of this machine, if there is one, is not touched. */
export async function startPostfix(place: Place, plan: PostfixPlan): Promise<Postfix> {
  const folders = await makeFolders(place, plan.name);
  await place.write(join(folders.name, "config/main.cf"), mainCf(plan, folders));
  await place.write(join(folders.name, "config/master.cf"), masterCf(plan.at));
  const log = (): string => readIfThere(folders.maillog);
  const config = ["-c", folders.config];
  const check = await runTool("postfix", [...config, "check"]); // makes the queue's folders too
  if (check.code !== 0) throw new Error(`postfix check failed:\n${check.output}${log()}`);

  const program = async (parameter: string): Promise<string> =>
    (await runTool("postconf", [...config, "-h", parameter])).output.trim();
  const [daemons, sendmail] = [await program("daemon_directory"), await program("sendmail_path")];
  const master = runMaster(place, join(daemons, "master"), config);
  const postfix = talkTo(plan.name, folders, log, sendmail);
  const ended = once(master, "close").then(() => Promise.reject(new Error(`Postfix ended:\n${log()}`)));
  ended.catch(() => {}); // later it is meant to
  await Promise.race([postfix.logs(/daemon started/), ended]);
  return postfix;
}

interface Folders {
  /** Of all of it, below the place. */
  name: string;
  config: string;
  queue: string;
  data: string;
  mail: string;
  log: string;
  maillog: string;
}

/** Somebody whom Postfix can be when it writes into mailboxes: it refuses to be root there. */
const nobody = 65_534;

async function makeFolders(place: Place, hostname: string): Promise<Folders> {
  const name = `postfix-${hostname}`;
  const make = (folder: string): Promise<string> => place.folder(join(name, folder));
  const [config, queue, data, mail, log] = await Promise.all(["config", "queue", "data", "mail", "log"].map(make));
  const paths = { config, queue, data, mail, log } as Record<"config" | "queue" | "data" | "mail" | "log", string>;
  await chmod(place.path, 0o711); // Postfix's daemons are not root when they reach their folders
  const owner = await runTool("id", ["-u", "postfix"]);
  await chown(paths.data, Number(owner.output), -1);
  await chown(paths.mail, nobody, nobody);
  return { name, ...paths, maillog: join(paths.log, "maillog") };
}

/** No name is looked up, nothing but `mailboxes` is delivered, and whatever has no transport is an error. */
function mainCf({ name, at, mailboxes, transports, settings }: PostfixPlan, folders: Folders): string {
  const table = (rows: readonly (readonly [string, string])[]): string =>
    `inline:{ ${rows.map(([key, value]) => `{ ${key} = ${value} }`).join(" ")} }`;
  const parameters: Record<string, string> = {
    compatibility_level: "3.6",
    queue_directory: folders.queue,
    data_directory: folders.data,
    maillog_file: folders.maillog,
    maillog_file_prefixes: folders.log,
    myhostname: name,
    mydestination: "",
    mynetworks: "",
    inet_protocols: "ipv4",
    inet_interfaces: "127.0.0.1", // where it listens stands in master.cf: an address of no interface may not stand here
    smtp_bind_address: at.address,
    smtp_dns_support_level: "disabled",
    smtpd_peername_lookup: "no",
    smtpd_relay_restrictions: "reject_unauth_destination",
    transport_maps: table(Object.entries(transports)),
    default_transport: "error:this test has no transport for it",
    virtual_mailbox_domains: mailboxes[0]?.split("@")[1] ?? "",
    virtual_mailbox_base: folders.mail,
    virtual_mailbox_maps: table(mailboxes.map((address) => [address, `${address}/`])),
    virtual_uid_maps: `static:${nobody}`,
    virtual_gid_maps: `static:${nobody}`,
    alias_maps: "",
    local_recipient_maps: "",
    fast_flush_domains: "",
    notify_classes: "",
    smtp_tls_loglevel: "1",
    smtpd_tls_loglevel: "1",
    smtpd_tls_received_header: "yes",
    ...settings,
  };
  return Object.entries(parameters)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
}

/** Nothing runs in a chroot: Debian's has its files where its own service prepares them. */
const masterCf = ({ address, port }: Endpoint): string => `
${address}:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** `postfix start-fg` would put a shell before it, whose end is not Postfix's. */
function runMaster(place: Place, program: string, config: readonly string[]): ChildProcess {
  // Its daemons inherit the standard output, so that `close` comes when the last one has gone.
  const child = spawn(program, [...config, "-s"], { stdio: ["ignore", "pipe", "ignore"], env: toolEnvironment() });
  child.stdout.resume();
  const gone = once(child, "close");
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end); // a run that is interrupted runs no `after`
  place.atEnd(async () => {
    process.off("exit", end);
    end();
    await gone;
  });
  return child;
}

function talkTo(name: string, folders: Folders, log: () => string, sendmail: string): Postfix {
  const logs = (pattern: RegExp): Promise<RegExpExecArray> => watched(folders.log, log, pattern);
  let count = 0;
  const fateOf = async (internetMessageId: string): Promise<Fate> => {
    const [, queueId] = await logs(new RegExp(`: (\\w+): message-id=${literal(internetMessageId)}`));
    const [, status = "", said = ""] = await logs(new RegExp(` ${queueId}: to=.* status=(\\w+) \\((.*)\\)\\n`));
    return { status, said };
  };
  return {
    log,
    logs,
    fateOf,
    async send({ from, to, subject }) {
      const id = `<${++count}@${name}>`;
      const message = `From: ${from}\nTo: ${to}\nSubject: ${subject}\nMessage-ID: ${id}\n\nSent by Postfix\n`;
      const given = await runTool(sendmail, ["-C", folders.config, "-i", "-f", from, "--", to], message);
      if (given.code !== 0) throw new Error(`sendmail failed:\n${given.output}`);
      return fateOf(id);
    },
    async inbox(address) {
      const folder = join(folders.mail, address, "new");
      const names = await readdir(folder).catch(() => []);
      return Promise.all(names.map((name) => readFile(join(folder, name), "latin1")));
    },
  };
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The log is the folder's only file; it looks again whenever that has grown. */
function watched(folder: string, log: () => string, pattern: RegExp): Promise<RegExpExecArray> {
  const watcher = watch(folder);
  let patience: NodeJS.Timeout | undefined;
  return new Promise<RegExpExecArray>((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(log());
      if (found) resolve(found);
    };
    patience = setTimeout(() => reject(new Error(`Postfix never logged ${pattern}:\n${log()}`)), 15_000);
    watcher.on("change", look).on("error", reject);
    look();
  }).finally(() => {
    clearTimeout(patience);
    watcher.close();
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
