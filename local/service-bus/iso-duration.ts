const DURATION = /^P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Reads a duration as Service Bus writes it (`PT1M`, `P14D`, `P10675199DT2H48M5.4775807S`) and answers whole
 * milliseconds, or `undefined` when the text is no such duration. The subset of ISO 8601 that the Service Bus resource
 * provider takes: days, hours, minutes and seconds with a fraction; no sign, no weeks, and neither years nor months,
 * whose length nobody can tell.
 */
export function parseIsoDuration(text: string): number | undefined {
  const found = DURATION.exec(text);
  if (!found) return undefined;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return Math.floor((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000);
}
