const form = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** The minutes of an ISO duration of days, hours and minutes, such as `P1D` or `PT1H30M`. Throws for any other. */
export function isoMinutes(duration: string): number {
  const [, days = 0, hours = 0, minutes = 0] = form.exec(duration) ?? [];
  const all = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  if (all === 0) throw new Error(`"${duration}" is no duration of whole minutes, such as PT5M or P1D`);
  return all;
}

export const MINUTE_MS = 60_000;

export const minutesBefore = (at: Date, minutes: number): Date => new Date(at.getTime() - minutes * MINUTE_MS);
