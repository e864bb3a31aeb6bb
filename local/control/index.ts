export { type Control, maxLedgerKeys, startControl } from './control.ts';
export type { LedgerLine, StandIns, Switchable } from './controlled-stand-ins.ts';
