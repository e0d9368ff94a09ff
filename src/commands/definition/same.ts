/** Whether two names are one: case makes no difference in any of Exchange's. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
