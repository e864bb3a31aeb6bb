import type { Resource, Snapshot } from '../../tools/bicep/predictions.ts';
import { readSnapshot } from './bicep.ts';

export const levels = [1, 2, 3, 4, 5] as const;
export const topologies = ['single', 'split'] as const;

const read = async (names: readonly string[]): Promise<Record<string, Snapshot>> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readSnapshot(name)] as const)));

/** The committed predictions by scenario: the steps of the ladder, and two of them in a virtual network. */
export const snapshots = await read([
  ...levels.flatMap((level) => topologies.map((topology) => `level-${level}-${topology}`)),
  'level-1-single-vnet',
  'level-5-split-vnet',
]);

/** Those of a public service with operators: the highest level with everything that the defaults leave out. */
export const publicSnapshots = await read(topologies.map((topology) => `level-5-${topology}-public`));

export const scenario = (level: number, topology: string, network: 'none' | 'vnet' = 'none'): Snapshot => {
  const name = `level-${level}-${topology}${network === 'none' ? '' : `-${network}`}`;
  const found = snapshots[name];
  if (!found) throw new Error(`There is no scenario ${name}.`);
  return found;
};

export const ofType = ({ predictedResources }: Snapshot, type: string): Resource[] =>
  predictedResources.filter((resource) => resource.type.toLowerCase() === type.toLowerCase());

interface AppProperties {
  configuration: {
    ingress: { external: boolean; targetPort: number; allowInsecure: boolean } | null;
    identitySettings: { identity: string; lifecycle: string }[];
    registries: { server: string; identity: string }[];
    secrets: { name: string }[];
  };
  template: {
    terminationGracePeriodSeconds: number;
    containers: {
      image: string;
      env: { name: string; value: string }[];
      probes: { type: string; httpGet?: { path: string; port: number }; tcpSocket?: { port: number } }[];
      volumeMounts: { volumeName: string; mountPath: string }[];
    }[];
    volumes: { name: string; storageType: string }[];
    scale: {
      minReplicas: number;
      maxReplicas: number;
      rules: { name: string; custom?: { type: string; identity: string; metadata: Record<string, string> } }[];
    };
  };
}

/** A container app with its one container, by the beginning of its name. */
export const containerApp = (snapshot: Snapshot, kind: 'app' | 'worker') => {
  const resource = ofType(snapshot, 'Microsoft.App/containerApps').find(({ name }) => name.startsWith(`ca-${kind}-`));
  if (!resource) return undefined;
  const properties = resource.properties as unknown as AppProperties;
  const [container] = properties.template.containers;
  if (!container) throw new Error(`${resource.name} has no container.`);
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  return { resource, ...properties, container, env };
};

/** A resource as a person would call it: its kind and its name without tokens and the environment. */
export const nameOf = ({ type, name, properties }: Resource): string => {
  const kind = type.slice(type.lastIndexOf('/') + 1);
  const said =
    kind === 'roleAssignments'
      ? String(properties?.description)
      : kind === 'workbooks' || kind === 'alertRules'
        ? String(properties?.displayName)
        : name;
  return `${kind}: ${said.replace(/-snapshot$/, '').replaceAll(/(?:-|(?<=\bst))[a-z0-9]{13}\b/g, '')}`;
};
