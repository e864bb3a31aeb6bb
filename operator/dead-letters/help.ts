export const help = `npm run dead-letters -- list | groups | show <id> | replay | purge

  list             one line a dead letter, oldest first
  groups           how many have the same reason and fingerprint, the most first
  show <id>        the history of one message, from the message alone; never the content
  replay           back to its queue (a subscription's to <topic>.<subscription>.retry)
  purge            deletes for good

Replay and purge change nothing without --yes: they only say what they would do.

Which ones:
  --source <name>        queue or topic/subscription; without it all of infra/queues.json
  --reason <code>        --fingerprint <text>   --correlation <id>   --id <id>
  --since <time>         dead-lettered then or later (ISO 8601)      --until <time>
  --parked               parked ones too (replayed often enough, and failed again)

How:
  --yes                  do it
  --max <n>              at most so many            --rate <n>   at most so many a second
  --actor <name>         your name or team, for audit, message and event; without it your user name
  --json                 one object a line

Where:
  --namespace <name>     in Azure, with your own sign-in ("az login")
  --run <file>           the run file of an "npm start"
  Without them: SERVICEBUS_NAMESPACE or SERVICEBUS_CONNECTION_STRING, then the "npm start" of this checkout.

Exit code: 0 all done, 1 a part was not done, 2 wrong usage, no access or nothing running.
`;
