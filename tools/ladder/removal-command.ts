import type { Resource } from '../bicep/predictions.ts';

/** What Azure or the template makes up in a name: the end of names of an environment, and the names of workbooks. */
const madeUp = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=\b(?:st)?)[a-z0-9]{13}\b/g;

/**
 * How what an ordinary deployment of a lower level leaves behind is removed, one line each. What belongs to another of these
 * resources goes with it: the rules and tables of a workspace.
 */
export const removalCommands = (left: readonly Resource[]): string[] => {
  const isPartOf = ({ id }: Resource) => left.some((other) => id.startsWith(`${other.id}/`));
  return [...new Set(left.filter((resource) => !isPartOf(resource)).map(removalCommand))];
};

/** The command that removes one resource. What is not known before a deployment stands in angle brackets. */
export function removalCommand({ type, name, id }: Resource): string {
  const shown = name.replace(madeUp, '<its token>').replace(/-snapshot$/, '-<environment>');
  if (/roleAssignments$/.test(type))
    return 'az role assignment delete --ids <each assignment of an identity that goes>';
  if (/workspaces\/tables$/.test(type)) return `${shown}: Azure cannot delete a table; without rows it costs nothing`;
  if (/workspaces\/dataExports$/.test(type)) {
    const [workspace, rule] = shown.split('/');
    return `az monitor log-analytics workspace data-export delete --resource-group <group> --workspace-name ${workspace} --name ${rule}`;
  }
  if (/resourceGroups$/.test(type)) return `az group delete --name ${shown}`;
  if (/storageAccounts$/.test(type))
    return `az storage account delete --resource-group <group> --name ${shown}: Azure refuses it as long as a blob is in it, and the blob as long as it is protected`;
  if (!/diagnosticSettings$/.test(type))
    return `az resource delete --resource-group <group> --resource-type ${type} --name ${shown}`;
  const [, scope] = /\/providers\/(.+)\/providers\//.exec(id) ?? [];
  if (scope === undefined) return `az monitor diagnostic-settings subscription delete --name ${shown}`;
  return `az monitor diagnostic-settings delete --name ${shown} --resource ${scope.replace(madeUp, '<its token>')}`;
}
