/** A link somebody kept for themselves: followed only when it is a page on the web. */
export function webAddress(url: string | null): string | null {
  if (!url || /\s/.test(url)) return null;
  try {
    const { protocol, username, password, href } = new URL(url);
    return (protocol === 'https:' || protocol === 'http:') && !username && !password ? href : null;
  } catch {
    return null;
  }
}
