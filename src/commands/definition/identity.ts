/** `-Identity` of cmdlets that show: the object to show, or none for all. */
export const anyIdentity = (help: string) =>
  ({ type: "string", position: 0, fromPipeline: "both", help, default: "every one" }) as const;

/** `-Identity` of cmdlets that change. */
export const oneIdentity = (help: string) =>
  ({ type: "string", position: 0, mandatory: true, fromPipeline: "both", help }) as const;

/** `-Name` of what is made new. Source: [new-receiveconnector], [new-accepteddomain] at most 64 characters. */
export const newName = (help: string) =>
  ({ type: "string", position: 0, mandatory: true, length: [1, 64], help }) as const;
