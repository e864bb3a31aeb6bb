import type { Resource } from '../bicep/predictions.ts';

/** What Azure or the template makes up in a name: the end of names of an environment, and the names of workbooks. */
const madeUp = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[a-z0-9]{13}\b/g;

/**
 * The command that removes a resource which an ordinary deployment of a lower level leaves behind. What is not known
 * before a deployment stands in angle brackets.
 */
export function removalCommand({ type, name, id }: Resource): string {
  const shown = name.replace(madeUp, '<its token>').replace(/-snapshot$/, '-<environment>');
  if (/roleAssignments$/.test(type))
    return 'az role assignment delete --ids <each assignment of an identity that goes>';
  if (/workspaces\/tables$/.test(type)) return `${shown}: Azure cannot delete a table; without rows it costs nothing`;
  if (!/diagnosticSettings$/.test(type))
    return `az resource delete --resource-group <group> --resource-type ${type} --name ${shown}`;
  const [, scope = ''] = /\/providers\/(.+)\/providers\//.exec(id) ?? [];
  return `az monitor diagnostic-settings delete --name ${shown} --resource ${scope.replace(madeUp, '<its token>')}`;
}
