// Plan and doctor: `npm run plan -- A B --json` and `npm run doctor -- --json`.
/** `operator/` may have been deleted: `unavailable` is the sentence that says so. */
export type FromOperator<T> = { unavailable: string } | { unavailable?: undefined; result: T };

/** `GET plan?from&to&messages`. Both levels the same: 400. */
export type PlanAnswer = FromOperator<{
  from: number;
  to: number;
  topology: string;
  modules: string[];
  questions: string[];
  resources: { type: string; name: string; label: string }[];
  rules: { name: string; title: string; severity?: number; description: string; tells: string[] }[];
  removal: string[];
  lines: number;
  cost: {
    currency: string;
    resources: number;
    telemetry: { messages: number; measuredOn: string; before: MonthVolume; after: MonthVolume };
  };
}>;

export interface MonthVolume {
  tables: Record<string, number>;
  gb: number;
  price: number;
}

/** `GET doctor`: takes up to a minute. */
export type DoctorAnswer = FromOperator<{
  findings: { code: string; what: string; why?: string; todo?: string }[];
  notChecked: { code: string; reason: string }[];
}>;
