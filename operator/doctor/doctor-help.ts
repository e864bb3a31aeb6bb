export const help = `npm run doctor -- [--url <address>] [--namespace <name>] [--send] [--run <file>] [--json]

Looks for what stops telemetry or messages: what it is, why it matters, what to do. docs/doctor.md explains each code.

  --url <address>      a service: its health, in detail where it shows that to you
  --namespace <name>   Service Bus in Azure, with your own sign-in ("az login")
  --workspace <id>     the Log Analytics workspace in which a span, a log line and an event must arrive
  --send               sends a marked message to each queue of a namespace too: see docs/doctor.md first
  --run <file>         the run file of an "npm start"
  --json               one line with all findings

Without --namespace and --run: SERVICEBUS_NAMESPACE or SERVICEBUS_CONNECTION_STRING, then the "npm start" of this checkout.
Exit code: 0 nothing found, 1 a finding, 2 wrong usage or nothing running where --run says.
`;
