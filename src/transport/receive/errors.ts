import { LabError, systemCodeOf } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../smtp/index.ts";

/** A receive connector's binding could not be opened. */
export const cannotListen = (at: Endpoint, cause: Error): LabError => {
  const code = systemCodeOf(cause) ?? cause.message;
  return new LabError(
    "RECEIVE_CANNOT_LISTEN",
    `Cannot listen on ${formatEndpoint(at)}: ${listenFailures[code] ?? code}`,
    {
      remedy: "Stop what listens there, or choose another binding for the receive connector",
      details: { address: at.address, port: at.port, code },
      cause,
    },
  );
};

const listenFailures: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there",
  EACCES: "this port needs more rights than this process has",
  EADDRNOTAVAIL: "this machine does not have that address",
};
