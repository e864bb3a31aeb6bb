import { spawnSync } from 'node:child_process';

/** What az does: copies an image between registries without pulling it, under the same name and tag. */
function importArguments(image: string, registry: string): string[] {
  const nameAndTag = image.slice(image.indexOf('/') + 1);
  return ['acr', 'import', '--name', registry, '--source', image, '--image', nameAndTag, '--force'];
}

/**
 * Gives the registry of the second region the image that azd has just pushed. azd runs it between the push and the
 * deployment of the apps, with its values as variables.
 */
function importImage({ AZURE_SECOND_REGISTRY: registry, SERVICE_APP_IMAGE_NAME: image }: NodeJS.ProcessEnv): number {
  if (!registry || !image) {
    process.stderr.write('AZURE_SECOND_REGISTRY and SERVICE_APP_IMAGE_NAME are not set: azd sets them.\n');
    return 2;
  }
  // On Windows az is a batch file, which only a shell starts; no argument here holds a blank.
  const shell = process.platform === 'win32';
  const { status, error } = spawnSync('az', importArguments(image, registry), { stdio: 'inherit', shell });
  if (error) process.stderr.write(`az cannot be run, and the second region needs it: ${error.message}\n`);
  return status ?? 1;
}

process.exitCode = importImage(process.env);
