import { type Attack, passOn } from "../middle.ts";

/** Changes nothing, and reads what is not encrypted. */
export const listen: Attack = ({ client, server, record }) => {
  passOn(client, server, (octets) => record("client", octets));
  passOn(server, client, (octets) => record("server", octets));
};
