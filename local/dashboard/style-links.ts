const links = /\n[ \t]*<link rel="stylesheet" href="([^"]*)">/g;

/** The addresses of the style sheets of a document, in its order. */
export const styleAddresses = (html: string): string[] => [...html.matchAll(links)].map(([, address = '']) => address);

/** The document with one link in the place of its first style sheet and none for the others: fewer requests a page. */
export function withOneStyle(html: string, address: string): string {
  let count = 0;
  return html.replaceAll(links, () => (count++ === 0 ? `\n    <link rel="stylesheet" href="${address}">` : ''));
}
