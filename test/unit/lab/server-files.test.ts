import { expect } from "chai";
import { mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../../../src/base/index.ts";
import {
  checkWritable,
  readServerBytes,
  readServerFile,
  writeServerFile,
} from "../../../src/lab/server/server-files.ts";
import { usePlace } from "../../helpers/lab.ts";

describe("a file on a server", () => {
  const place = usePlace();
  const server = () => ({ name: "EX1", folder: join(place.path, "EX1") });
  const refusalOf = async (file: string): Promise<LabError> => {
    const failure = await readServerBytes(server(), file).catch((thrown: unknown) => thrown);
    if (!(failure instanceof LabError)) throw new Error(`${file} was read`);
    return failure;
  };
  before(() => mkdir(join(place.path, "EX1", "files"), { recursive: true }));

  it("is read from the server's own disk, or from this machine's by its whole path", async () => {
    await writeFile(join(place.path, "EX1", "files", "a.txt"), "on EX1");
    expect(await readServerFile(server(), "C:\\a.txt")).to.equal("on EX1");
    expect(await readServerFile(server(), await place.write("here.txt", "here"))).to.equal("here");
  });

  it("is refused by name where it is not there, and where it is outside the server's disk", async () => {
    expect((await refusalOf("C:\\b.txt")).code).to.equal("FILE_UNKNOWN");
    expect((await refusalOf("..\\..\\b.txt")).code).to.equal("FILE_OUTSIDE_DISK");
  });

  it("is refused before it is read where it never ends, or is larger than any that is meant", async () => {
    const device = await refusalOf("/dev/zero");
    expect(device.code).to.equal("FILE_UNSUITABLE");
    expect(device.message).to.equal("Cannot read /dev/zero on EX1: it is no regular file");
    const large = await place.write("large.pfx", "");
    await truncate(large, 4 * 1024 ** 2 + 1);
    expect((await refusalOf(large)).message).to.include("it has 4194305 bytes");
  });

  it("is not written where a folder is, overwriting or not, and nothing is left behind", async () => {
    const disk = join(place.path, "EX1", "files");
    await mkdir(join(disk, "folder"), { recursive: true });
    const before = await readdir(disk);
    for (const file of ["C:\\", "", "C:\\folder"]) {
      for (const write of [
        () => checkWritable(server(), file, false),
        () => checkWritable(server(), file, true),
        () => writeServerFile(server(), file, "x"),
      ]) {
        const failure: unknown = await write().catch((thrown: unknown) => thrown);
        expect(failure).to.be.instanceOf(LabError);
        expect((failure as LabError).message).to.equal(`Cannot write "${file}" on EX1: it is a folder`);
      }
    }
    expect(await readdir(disk)).to.deep.equal(before);
  });
});
