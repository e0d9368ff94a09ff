import { join } from "node:path";
import { expect } from "chai";
import { startTestLab, topologyOf, usePlace } from "../../helpers/lab.ts";

describe("the transport settings of a server", () => {
  const place = usePlace();

  it("are those of its role, and what has been set stays after a restart", async () => {
    const options = { topology: await topologyOf("08-mail-through-the-edge"), dataFolder: join(place.path, "kept") };
    const first = await startTestLab(place, options);
    const shown = async (on: string): Promise<string> =>
      (await first.shell(on, `Get-TransportServer ${on} | Format-List *RetryInterval, *Timeout`)).replace(/ +:/g, ":");
    expect(await shown("Ex2007EE"))
      .to.include("TransientFailureRetryInterval: 00:05:00")
      .and.include("OutboundConnectionFailureRetryInterval: 00:10:00");
    expect(await shown("EDGE1"))
      .to.include("TransientFailureRetryInterval: 00:10:00")
      .and.include("OutboundConnectionFailureRetryInterval: 00:30:00")
      .and.include("MessageExpirationTimeout: 2.00:00:00")
      .and.include("DelayNotificationTimeout: 04:00:00");
    await first.shell("EDGE1", "Set-TransportServer EDGE1 -TransientFailureRetryInterval 00:01:00");
    await first.close();

    const second = await startTestLab(place, { ...options, keepLogs: true });
    const [edge] = await second.server("EDGE1").transportServers("EDGE1");
    expect([edge?.transientFailureRetryIntervalMs, edge?.outboundConnectionFailureRetryIntervalMs]).to.deep.equal([
      60_000, 1_800_000,
    ]);
  });
});
