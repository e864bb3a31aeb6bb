import type { TokenCredential } from '@azure/core-auth';

/**
 * The identity that the service has in Azure: its managed identity there, the developer's own sign-in elsewhere.
 * Imported on demand, because a service that runs on connection strings should not pay for loading it.
 */
export async function createCredential(managedIdentityClientId: string | undefined): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(managedIdentityClientId ? { managedIdentityClientId } : {});
}
