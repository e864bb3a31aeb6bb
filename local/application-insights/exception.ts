import { z } from 'zod';
import type { Decoded } from './decoded.ts';
import { type Envelope, itemCount } from './telemetry-envelope.ts';
import { measurements, properties, severityLevel, severityWord, text } from './telemetry-fields.ts';

const frameSchema = z.object({
  level: z.number().nullish(),
  method: text,
  assembly: text,
  fileName: text,
  line: z.number().nullish(),
});

const thrownSchema = z.object({
  id: z.number().nullish(),
  outerId: z.number().nullish(),
  typeName: text,
  message: text,
  stack: text,
  parsedStack: z.array(frameSchema).nullish(),
});

const schema = z.object({
  exceptions: z.array(thrownSchema).min(1),
  severityLevel,
  problemId: text,
  properties,
  measurements,
});

type Thrown = z.output<typeof thrownSchema>;

/**
 * The outermost exception comes first in `exceptions`, the innermost last. The exporter sends one, with its stack as text:
 * then `Details[0].rawStack` holds it, and method and assembly stay empty. `Message` does too: Azure leaves it empty and
 * fills `OuterMessage` and `InnermostMessage`. Without a `problemId` it is built as Azure words it, `<type> at <method>`.
 */
export function decodeException(baseData: unknown, envelope: Envelope): Decoded {
  const data = schema.parse(baseData);
  const outer = data.exceptions[0] as Thrown; // the schema asks for one at least
  const innermost = data.exceptions.at(-1) as Thrown;
  const top = outer.parsedStack?.[0];
  const innermostTop = innermost.parsedStack?.[0];
  return {
    table: 'AppExceptions',
    columns: {
      ExceptionType: outer.typeName,
      Assembly: top?.assembly,
      Method: top?.method,
      OuterType: outer.typeName,
      OuterMessage: outer.message,
      OuterAssembly: top?.assembly,
      OuterMethod: top?.method,
      InnermostType: innermost.typeName,
      InnermostMessage: innermost.message,
      InnermostAssembly: innermostTop?.assembly,
      InnermostMethod: innermostTop?.method,
      ProblemId: data.problemId ?? [innermost.typeName, innermostTop?.method].filter(Boolean).join(' at '),
      SeverityLevel: data.severityLevel,
      Details: data.exceptions.map((thrown) => detail(thrown, severityWord(data.severityLevel))),
      Properties: data.properties,
      Measurements: data.measurements,
      ItemCount: itemCount(envelope),
    },
  };
}

/** Ids are text in `Details`, and the outermost exception has the outer id 0. */
function detail(thrown: Thrown, severity: string | undefined): Record<string, unknown> {
  return {
    id: String(thrown.id ?? 0),
    outerId: String(thrown.outerId ?? 0),
    type: thrown.typeName,
    message: thrown.message,
    severityLevel: severity,
    ...(thrown.parsedStack ? { parsedStack: thrown.parsedStack } : { rawStack: thrown.stack }),
  };
}
