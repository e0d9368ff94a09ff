import { startPrivateRedis } from "../../../src/base/index.ts";

/** Starts a private Redis in the folder named on the command line, says where, and stays until it is killed. */
const { url } = await startPrivateRedis({ folder: process.argv[2] ?? "", path: process.env["PATH"] ?? "", probe: [] });
console.log(url);
process.stdin.resume();
