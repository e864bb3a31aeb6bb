import type { DeployedBusiness } from './business-settings-files.ts';

/** What the picture depends on: a module that was deleted, or a part, draws nothing. */
export interface Drawn {
  businesses: readonly DeployedBusiness[];
  modules: readonly string[];
  /** Whether `operator/` is there. */
  operator: boolean;
}

/** Quoted by Mermaid; only this character would end the text. */
const label = (text: string) => `"${text.replaceAll('"', '#quot;')}"`;
const idOf = (kind: string, name: string) => `${kind}_${name.replaceAll(/\W/g, '_')}`;

/** Queues and topics by name, as the businesses name them: a handler's key is a queue, or `topic/subscription`. */
function entitiesOf(businesses: readonly DeployedBusiness[]): string[] {
  const names = businesses.flatMap(({ sends = [], handlers = {} }) => [
    ...sends,
    ...Object.keys(handlers).map((source) => source.split('/')[0] ?? source),
  ]);
  return [...new Set(names)].toSorted();
}

/** Who talks to whom in Azure, as a Mermaid diagram: what the businesses declare, and what the modules add. */
export function deployedPicture({ businesses, modules, operator }: Drawn): string[] {
  const entities = entitiesOf(businesses);
  const has = (name: string) => modules.includes(name);
  const alerts = has('basic-alerts') || has('alert-rules');
  return [
    'flowchart LR',
    ...(businesses.some(({ routes }) => routes) ? ['  callers(["Callers"])'] : []),
    '  subgraph service ["The service: one container app, or one for each role"]',
    ...businesses.map((business) => `    ${idOf('business', business.name)}[${label(describe(business))}]`),
    '  end',
    ...(entities.length > 0
      ? [
          '  subgraph bus ["Service Bus"]',
          ...entities.map((name) => `    ${idOf('entity', name)}[(${label(name)})]`),
          '  end',
        ]
      : []),
    ...businesses.flatMap(arrowsOf),
    ...(businesses.some(hasHandlers) ? ['  called["The systems that the businesses call"]'] : []),
    ...(has('application-insights')
      ? [
          '  service -->|telemetry| insights["Application Insights"]',
          '  insights --> workspace[("Log Analytics workspace")]',
        ]
      : []),
    ...(has('otlp')
      ? ['  service -.->|telemetry, with the module otlp| collector["A collector of OpenTelemetry"]']
      : []),
    ...(has('bearer-tokens') ? ['  service -.->|keys for tokens, with the module bearer-tokens| entra["Entra"]'] : []),
    ...(has('dashboards') ? ['  workspace --> workbook["Workbook"] --> people'] : []),
    ...(alerts ? ['  workspace --> rules["Alert rules"] -->|mail| people'] : []),
    ...(alerts && entities.length > 0 ? ['  bus -->|metrics| rules'] : []),
    ...(alerts || has('dashboards') || operator ? ['  people(["People on call"])'] : []),
    ...(operator && entities.length > 0 ? ['  people -->|npm run dead-letters| bus'] : []),
  ];
}

const hasHandlers = ({ handlers = {} }: DeployedBusiness) => Object.keys(handlers).length > 0;

function describe(business: DeployedBusiness): string {
  const roles = [...(business.routes ? ['api'] : []), ...(hasHandlers(business) ? ['worker'] : [])];
  return `${business.name}${roles.length > 0 ? `<br/>${roles.join(', ')}` : ''}`;
}

function arrowsOf(business: DeployedBusiness): string[] {
  const { name, routes, sends = [], handlers = {} } = business;
  const self = idOf('business', name);
  return [
    ...(routes ? [`  callers -->|HTTP| ${self}`] : []),
    ...sends.map((target) => `  ${self} -->|sends| ${idOf('entity', target)}`),
    ...Object.keys(handlers).map((source) => {
      const [entity = '', subscription] = source.split('/');
      return `  ${idOf('entity', entity)} -->|${subscription ?? 'delivers'}| ${self}`;
    }),
    ...(hasHandlers(business) ? [`  ${self} --> called`] : []),
  ];
}
