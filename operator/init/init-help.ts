const parts = `  --api           a route that checks its body by a schema
  --worker        a queue and a handler, which calls another system
  --topic         a topic with two subscriptions and their handlers
                  Without --api and --worker it has both.`;

const common = `  --force         also in a work tree with changes that are not committed
  --json          one object: what was written, changed and removed

Exit code: 0 done, 1 something failed on the way, 2 wrong usage.
`;

export const initHelp = `npm run init -- <name> [--api] [--worker] [--topic] [--keep-sample]

Makes this template your project: gives it the name, removes the sample and what tells of the template itself (its
decisions, its changelog), and writes a business <name> that runs: code, queues, tests, what npm start gives it, a page.
Then it runs "npm run generate". It never touches .git.

${parts}
  --keep-sample   does not remove the sample
${common}`;

export const newHelp = `npm run new -- business <name> [--api] [--worker] [--topic]

Writes a business <name> beside those that there are: code, queues, tests, what npm start gives it, a page.
Then it runs "npm run generate".

${parts}
${common}`;
