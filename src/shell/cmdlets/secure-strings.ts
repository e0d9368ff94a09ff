import { SecureString } from "../../commands/index.ts";
import { nobodyToType, plainTextUnforced } from "./errors.ts";
import { defineCommand } from "./define-command.ts";

export const convertToSecureString = defineCommand({
  verb: "ConvertTo",
  noun: "SecureString",
  synopsis: "Makes a secure string of a password in plain text.",
  source: "[convertto-securestring]",
  parameters: {
    String: { type: "string", position: 0, mandatory: true, help: "The password" },
    AsPlainText: { type: "switch", help: "Needed: it is in plain text" },
    Force: { type: "switch", help: "Needed: whoever writes it knows that others may read it" },
  },
  examples: [
    {
      line: "$password = ConvertTo-SecureString 'p@ssw0rd' -AsPlainText -Force",
      does: "Keeps a password in a variable.",
    },
  ],
  async *run({ source, at }, { String: text, AsPlainText, Force }) {
    if (AsPlainText !== true || Force !== true) throw plainTextUnforced(source, at);
    yield new SecureString(text);
  },
});

export const readHost = defineCommand({
  verb: "Read",
  noun: "Host",
  synopsis: "Waits for a password to be typed, and does not show it.",
  source: "[read-host]",
  parameters: {
    Prompt: { type: "string", position: 0, help: "What is asked" },
    AsSecureString: { type: "switch", mandatory: true, help: "Needed: nothing but passwords can be typed here" },
  },
  examples: [{ line: "$password = Read-Host 'Password' -AsSecureString", does: "Keeps a password in a variable." }],
  async *run({ state, source, at }, { Prompt = "" }) {
    if (!state.host) throw nobodyToType(source, at, "Read-Host");
    yield new SecureString(await state.host.readSecret(`${Prompt}: `));
  },
});

export const getCredential = defineCommand({
  verb: "Get",
  noun: "Credential",
  synopsis: "Waits for the password of an account to be typed, and does not show it.",
  source: "[get-credential]",
  parameters: {
    Credential: {
      type: "string",
      position: 0,
      help: "The account's name. Ours: without one, none is asked for",
      default: "none",
    },
  },
  examples: [
    {
      line: "Import-ExchangeCertificate C:\\mail.pfx -Password (Get-Credential).Password",
      does: "Asks for the password of a PKCS #12 file; the name of an account means nothing there.",
    },
  ],
  async *run({ state, source, at }, { Credential: UserName = "" }) {
    if (!state.host) throw nobodyToType(source, at, "Get-Credential");
    const prompt = UserName === "" ? "Password: " : `Password for user ${UserName}: `;
    yield { UserName, Password: new SecureString(await state.host.readSecret(prompt)) };
  },
});
