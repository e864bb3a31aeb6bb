import type { TokenCredential } from '@azure/core-auth';

/**
 * The identity of the service: its managed identity in Azure, the developer's own sign-in elsewhere. `@azure/identity`
 * is imported on demand, because a service that uses connection strings does not need it.
 */
export async function createCredential(managedIdentityClientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(managedIdentityClientId ? { managedIdentityClientId } : {});
}
