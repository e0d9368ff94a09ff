import type { LabErrands } from "../../src/lab/index.ts";

const thumbprint = "A".repeat(40);

/** A lab that does whatever it is told, in no time; `hear` is told each call, and what it was given. */
export const fakeErrands = (hear: (call: string, given: unknown) => void): LabErrands => ({
  inhabitants: async () => [
    { kind: "server", name: "Ex2007EE" },
    { kind: "host", name: "mail.fabrikam.example" },
    { kind: "attacker", name: "mallory" },
  ],
  authorities: async () => [
    {
      name: "Woodgrove Issuing",
      issuedBy: "Woodgrove Root",
      subject: "CN=Woodgrove Issuing",
      thumbprint,
      notBefore: new Date("2003-05-12T10:00:00Z"),
      notAfter: new Date("2023-05-12T10:00:00Z"),
      revoked: [{ serialNumber: "0A", at: new Date("2008-05-12T10:00:00Z"), reason: "keyCompromise" }],
      list: {
        number: 2,
        thisUpdate: new Date("2008-05-12T10:00:00Z"),
        nextUpdate: new Date("2008-05-19T10:00:00Z"),
      },
      files: { certificate: "/lab/certificate.pem", list: "/lab/revoked.pem", listDer: "/lab/revoked.crl" },
    },
  ],
  async issueFromRequest(wanted) {
    hear("issue", wanted);
    return thumbprint;
  },
  async revokeCertificate(wanted) {
    hear("revoke", wanted);
    return {
      authority: wanted.authority ?? "Woodgrove Issuing",
      thumbprint,
      subject: "CN=mail.woodgrove.example",
      serialNumber: "0B",
      reason: wanted.reason ?? "unspecified",
      at: new Date("2008-05-12T10:00:00Z"),
      listNumber: 3,
      list: "/lab/revoked.pem",
    };
  },
  async trustCertificate(wanted) {
    hear("trust", wanted);
    return thumbprint;
  },
  async carryFile(file, from, to) {
    hear("carry", { file, from, to });
    return `/lab/${to}/files/${file}`;
  },
  setFault: async (fault) => hear("fault", fault),
  clearFault: async (on) => hear("heal", on),
  faults: async () => [
    { on: "Ex2007EE", certificate: { issuer: undefined, names: [], flaw: "expired" }, published: false },
    { on: "mail.fabrikam.example", tls: "none", certificate: { issuer: null, names: [], flaw: null } },
    { on: "mallory" },
  ],
});
