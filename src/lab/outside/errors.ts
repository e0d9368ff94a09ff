import { LabError } from "../../base/index.ts";

/** Somebody was named who is not in the lab. */
export const nobodyNamed = (name: string, wanted: string, known: readonly string[]): LabError =>
  new LabError("LAB_NOBODY", `Cannot find ${wanted} "${name}": there are ${known.join(", ") || "none"}`, {
    remedy: "Name one of them; the lab file declares them",
    details: { name, known },
  });

/** A fault was to be set of a kind that whoever is named cannot have. */
export const faultUnfit = (on: string, problem: string, remedy: string): LabError =>
  new LabError("LAB_FAULT_UNFIT", `Cannot set the fault on ${on}: ${problem}`, { remedy, details: { on } });

/** A certificate is to be revoked that nobody in the lab knows. */
export const revocationUnknown = (thumbprint: string): LabError =>
  new LabError(
    "CERT_REVOKE_UNKNOWN",
    `Cannot revoke certificate "${thumbprint}": no server, outside host or authority of the lab has one with that thumbprint`,
    {
      remedy:
        "Copy a Thumbprint from Get-ExchangeCertificate, or name the file that the authority answered with (-Path)",
      details: { thumbprint },
    },
  );

/** What an authority of the lab has kept at an earlier start cannot be read. */
export const authorityUnreadable = (name: string, folder: string, problem: string, cause: unknown): LabError =>
  new LabError("LAB_AUTHORITY_UNREADABLE", `Cannot found the authority "${name}" again: ${problem}`, {
    remedy: `Put back what lay in ${folder}; or start with --fresh, and everything begins anew`,
    details: { name, folder },
    cause,
  });
