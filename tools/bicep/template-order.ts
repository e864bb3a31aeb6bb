import type { Resource } from './predictions.ts';

interface TemplateResource {
  type: string;
  name: string;
  existing?: boolean;
  dependsOn?: string[];
  properties?: { template?: Template };
}

/** The part of a compiled template that says what is created and what waits for what. */
export interface Template {
  resources: Record<string, TemplateResource> | TemplateResource[];
}

const entriesOf = ({ resources }: Template): [string, TemplateResource][] => Object.entries(resources);

/** `app.bicep` after `main.bicep`, as one template: azd deploys the second when the first is done. */
export const oneAfterOther = (main: Template, app: Template) => ({
  resources: {
    ...Object.fromEntries(entriesOf(main)),
    afterwards: {
      type: 'Microsoft.Resources/deployments',
      name: 'app',
      dependsOn: entriesOf(main).map(([symbol]) => symbol),
      properties: { template: app },
    },
  },
});

/** Where a resource is declared: the modules on the way, then its own symbol. */
type Place = string[];

interface Declaration {
  place: Place;
  type: string;
  /** Undefined where the name is computed. */
  literal: string | undefined;
}

/** The template of a nested deployment; a container app has a template of another kind. */
const innerOf = ({ type, properties }: TemplateResource): Template | undefined =>
  type === 'Microsoft.Resources/deployments' ? properties?.template : undefined;

const declarations = (template: Template, path: Place = []): Declaration[] =>
  entriesOf(template).flatMap(([symbol, resource]) => {
    const place = [...path, symbol];
    const inner = innerOf(resource);
    if (inner) return declarations(inner, place);
    const literal = resource.name.startsWith('[') ? undefined : resource.name;
    return resource.existing ? [] : [{ place, type: resource.type.toLowerCase(), literal }];
  });

/** The symbols that one waits for: written plainly, as an element of a loop, or, in templates without symbols, as an id. */
const waitsFor = (template: Template, symbol: string): string[] =>
  (entriesOf(template).find(([name]) => name === symbol)?.[1].dependsOn ?? []).flatMap((text) => {
    if (!text.startsWith('[')) return [text];
    const loop = /^\[format\('(\w+(?:::\w+)*)\[/.exec(text)?.[1];
    if (loop !== undefined) return [loop];
    const type = /resourceId\('([^']+)'/.exec(text)?.[1];
    return entriesOf(template)
      .filter(([, resource]) => resource.type === type)
      .map(([name]) => name);
  });

/** Whether `symbol` waits for `other`, directly or by way of others. */
const follows = (template: Template, symbol: string, other: string, seen = new Set<string>()): boolean => {
  if (seen.has(symbol)) return false;
  seen.add(symbol);
  return waitsFor(template, symbol).some((name) => name === other || follows(template, name, other, seen));
};

/**
 * Knows from the compiled template in which order Azure creates resources. Predictions carry no dependencies, so a
 * resource is found again by its type and, where it is written down, its name.
 */
export const templateOrder = (root: Template) => {
  const declared = declarations(root);

  const placesOf = ({ type, name, half }: Resource): Place[] => {
    const inHalf = ([first]: Place) => half === undefined || (first === 'afterwards') === (half === 'app');
    const ofType = declared.filter((one) => one.type === type.toLowerCase() && inHalf(one.place));
    const named = ofType.filter(({ literal }) => literal === name);
    return (named.length > 0 ? named : ofType.filter(({ literal }) => literal === undefined)).map(({ place }) => place);
  };

  const after = (template: Template, place: Place, other: Place): boolean => {
    const [head = '', ...rest] = place;
    const [otherHead = '', ...otherRest] = other;
    if (head !== otherHead) return follows(template, head, otherHead);
    const same = entriesOf(template).find(([symbol]) => symbol === head)?.[1];
    const inner = same && innerOf(same);
    // The same declaration: elements of one loop, which are created side by side.
    return inner !== undefined && after(inner, rest, otherRest);
  };

  return {
    /**
     * Those of `others` for which `resource` does not wait. A module that is used twice declares a resource in two places,
     * and its computed name does not tell which: the place that waits for most is taken for its own.
     */
    notAwaited: (resource: Resource, others: readonly Resource[]): Resource[] =>
      placesOf(resource)
        .map((place) => others.filter((other) => !placesOf(other).some((earlier) => after(root, place, earlier))))
        .sort((a, b) => a.length - b.length)[0] ?? [],
    /** Whether the template declares it at all. */
    declares: (resource: Resource): boolean => placesOf(resource).length > 0,
  };
};
