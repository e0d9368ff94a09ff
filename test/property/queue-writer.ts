/**
 * A process that queues messages until somebody kills it: it says `put <id>` once a message is acknowledged and
 * `done <id>` once one is settled. Every third message is settled, while others are being put.
 */
import { openDatabase } from "../../src/base/index.ts";
import { openQueueStore } from "../../src/transport/queue/index.ts";

const [folder = ""] = process.argv.slice(2);
const store = openQueueStore(openDatabase(folder), "EX1");

async function write(writer: number): Promise<never> {
  for (let count = 0; ; count++) {
    const address = `${writer}-${count}@contoso.local`;
    const { id } = await store.put(
      {
        internetMessageId: `<${writer}-${count}@contoso.local>`,
        envelope: { from: "", recipients: [{ address }], body: "7BIT" },
        sizeBytes: 10_240,
        receivedAt: new Date(),
        source: "SMTP",
      },
      Buffer.alloc(10_240, `${id36(writer, count)} `),
    );
    process.stdout.write(`put ${id} ${id36(writer, count)}\n`);
    if (count % 3 !== 0) continue;
    process.stdout.write(`settling ${id}\n`);
    await store.done(id, [address]);
    process.stdout.write(`done ${id}\n`);
  }
}

const id36 = (writer: number, count: number): string => `${writer.toString(36)}-${count.toString(36)}`;

await Promise.all([0, 1, 2, 3].map(write));
