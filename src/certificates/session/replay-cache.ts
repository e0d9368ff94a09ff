/** Remembers what has been used until it could not be used anyway. One per receiving server. */
export interface ReplayCache {
  /** Takes note of a nonce. False where it was used before, or where there is no room to remember it. */
  use(nonce: string, expires: Date, now: Date): boolean;
}

/**
 * Opens an empty replay cache.
 *
 * @param limit how many nonces it holds at most; when it is full of unexpired ones, further ones are refused
 * Ours: as Kerberos servers do, RFC 4120 §3.2.3.
 */
export function replayCache(limit = 100_000): ReplayCache {
  const used = new Map<string, number>();
  const forgetExpired = (now: Date): void => {
    for (const [nonce, expires] of used) if (expires <= now.getTime()) used.delete(nonce);
  };
  return {
    use(nonce, expires, now) {
      if (used.has(nonce)) return false;
      if (used.size >= limit) forgetExpired(now);
      if (used.size >= limit) return false;
      used.set(nonce, expires.getTime());
      return true;
    },
  };
}
