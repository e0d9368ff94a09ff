import { formatTimeSpan } from "../../base/index.ts";
import type { ServerApi } from "../../lab/index.ts";

/** Lab time as cmdlets show it, beside what the server's own clock says. */
export async function shownLabClock(server: ServerApi): Promise<object> {
  const time = await server.labTime();
  const skewMs = time.server.getTime() - time.lab.getTime();
  const skew = `${skewMs < 0 ? "-" : ""}${formatTimeSpan(Math.abs(skewMs))}`;
  return { LabTime: time.lab, Server: server.name, ServerTime: time.server, Skew: skew };
}

export const labClockColumns = ["LabTime", "Server", "ServerTime", "Skew"].map((property) => ({ property }));
