import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Capabilities, probeCapabilities } from "../lab/index.ts";
import type { ExitCode, Io } from "./io.ts";
import { labOptions } from "./lab-options.ts";

interface Finding {
  what: string;
  fine: boolean;
  /** Without it nothing runs. */
  needed?: boolean;
  found: string;
  fix?: string;
}

/** `hubedge doctor`: what this machine has and lacks, found by trying. */
export async function doctor(io: Io): Promise<ExitCode> {
  const options = labOptions(io, { directory: "auto", logs: "logs" }, { dataFolder: "", keepLogs: false });
  const findings = [
    nodeVersion(process.versions.node),
    ...placesToListen(await probeCapabilities(options.probe)),
    await redis(options.path, options.redisUrl),
    await tool("openssl", "to look at certificates from outside", "apt-get install openssl", options.path),
    await tool("swaks", "to send mail from outside", "apt-get install swaks libnet-ssleay-perl", options.path),
    await keyCache(options.keyCacheFolder),
  ];
  for (const { what, fine, needed, found, fix } of findings) {
    const mark = fine ? "ok     " : needed ? "MISSING" : "absent ";
    io.out(`${mark} ${what.padEnd(24)} ${found}${fine || fix === undefined ? "" : `\n        ${fix}`}\n`);
  }
  return findings.some(({ fine, needed }) => !fine && needed) ? 3 : 0;
}

function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fine = major > 20 || (major === 20 && minor >= 19);
  return { what: "Node", fine, needed: true, found: version, fix: "Install Node 20.19 or newer: https://nodejs.org" };
}

const placesToListen = ({ severalAddresses, lowPorts, unixSockets, folderSync }: Capabilities): Finding[] => [
  {
    what: "second loopback address",
    fine: severalAddresses,
    found: severalAddresses
      ? "each server gets an address of 127.0.0.0/8"
      : "servers share 127.0.0.1, on ports of their own",
    fix: "On macOS: sudo ifconfig lo0 alias 127.1.1.1 (and so on for each server)",
  },
  {
    what: "ports 25 and 587",
    fine: lowPorts,
    found: lowPorts ? "can be bound" : "cannot be bound: labs use 2525 and 2587, or what is free",
    fix: "On Linux: sudo sysctl net.ipv4.ip_unprivileged_port_start=25",
  },
  {
    what: "Unix sockets",
    fine: unixSockets,
    found: unixSockets ? "can be used" : "cannot be used: `hubedge shell` goes over 127.0.0.1",
  },
  {
    what: "flushing folders",
    fine: folderSync,
    found: folderSync ? "works" : "does not: a file made just before a power failure may be lost",
  },
];

async function redis(path: string, url: string | undefined): Promise<Finding> {
  const what = "Redis";
  if (url !== undefined) return { what, fine: true, found: "labs use the one in HUBEDGE_REDIS" };
  const program = (await find("redis-server", path)) ?? (await find("valkey-server", path));
  if (program !== undefined) return { what, fine: true, found: `${program}, started for each lab` };
  return {
    what,
    fine: false,
    found: "neither redis-server nor valkey-server: labs use the embedded directory",
    fix: "apt-get install redis-server, or set HUBEDGE_REDIS to a URL",
  };
}

async function tool(name: string, purpose: string, fix: string, path: string): Promise<Finding> {
  const found = await find(name, path);
  return { what: name, fine: found !== undefined, found: found ?? `not found; it is ${purpose}`, fix };
}

async function keyCache(folder: string): Promise<Finding> {
  const keys = await readdir(folder).catch(() => []);
  return {
    what: "key cache",
    fine: true,
    found: keys.length > 0 ? `${keys.length} keys in ${folder}` : `empty: the first lab makes its keys, into ${folder}`,
  };
}

async function find(program: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program);
    if (
      folder !== "" &&
      (await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      return candidate;
  }
  return undefined;
}
