export { type Control, maxLedgerKeys, startControl } from './control.ts';
export type { LedgerLine, StandIns, Switchable } from './stand-ins.ts';
