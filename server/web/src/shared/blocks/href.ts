// Where a link in a text may lead. The server checked already; what is drawn is checked here again, so that a fault there, or a
// text that was put into a database by another way, can never run a script or send somebody to a page of another kind.

export type Href = { to: 'web' | 'phone' | 'resource'; href: string; slug: string };

/** The link taken apart, or null when it is none that we follow. */
export function checked(href: string | undefined): Href | null {
  if (!href) return null;
  if (/^tel:\+?[0-9]{2,20}$/.test(href)) return { to: 'phone', href, slug: '' };
  const resource = /^resource:([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(href);
  if (resource) return { to: 'resource', href, slug: resource[1]! };
  if (!/^https:\/\/[^\s\\]+$/i.test(href)) return null;
  try {
    const url = new URL(href);
    // A name and password before the host only ever serve to mislead.
    return url.protocol === 'https:' && url.hostname && !url.username && !url.password ? { to: 'web', href: url.href, slug: '' } : null;
  } catch {
    return null;
  }
}
