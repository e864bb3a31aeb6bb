/** A rule asks for something that is not evaluated on this machine. A part of a rule is never evaluated. */
export class AlertUnsupported extends Error {
  override readonly name = 'AlertUnsupported';
  readonly rule: string;
  /** The property, as a path from the rule on. */
  readonly property: string;

  constructor(rule: string, property: string, reason: string) {
    super(`The rule ${rule} is not evaluated on this machine: ${property} ${reason}.`);
    this.rule = rule;
    this.property = property;
  }
}
