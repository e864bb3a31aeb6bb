const cells = 24;

/** `[######------------------]  25 %  250 of 1000`. Full only when everything is done. */
export function progressBar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.floor(share * cells);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${'#'.repeat(full)}${'-'.repeat(cells - full)}] ${percent} %  ${done} of ${total}`;
}
