/** Another owner has the file of the tables. */
export class TablesInUse extends Error {
  override name = 'TablesInUse';

  constructor(file: string, by: string) {
    super(
      `The telemetry in ${file} is held ${by}: one process can have it at a time, so end that one, or ask it ("npm run rows")`,
    );
  }
}
