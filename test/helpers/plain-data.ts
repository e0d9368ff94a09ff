/**
 * A server, or anything else with asynchronous methods, as another process would see it: every argument and every
 * result goes through `structuredClone`, so that nothing but plain data passes.
 */
export function throughStructuredClone<T extends object>(target: T): T {
  return new Proxy(target, {
    get(held, name) {
      const member: unknown = Reflect.get(held, name);
      if (typeof member !== "function") return structuredClone(member);
      return async (...sent: unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(member, held, structuredClone(sent));
        return structuredClone(answer);
      };
    },
  });
}
