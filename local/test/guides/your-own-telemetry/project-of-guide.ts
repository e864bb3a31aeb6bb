import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from '../../../../test/docs/code-blocks.ts';
import { edit, root, withoutLines, withoutSample } from '../../removal/removal.fixture.ts';
import { apply } from '../../template/guide.ts';

/** A copy of the project without `local/` and `operator/`, with what the guide says, and its business as the only one. */
export async function projectOfGuide(): Promise<string> {
  const folder = await withoutSample('local', 'operator');
  for (const block of blocksOf(readFileSync(join(root, 'docs/guides/your-own-telemetry.md'), 'utf8'))) {
    if (block.file !== undefined) await apply(folder, block);
  }
  const list = `import type { Business } from '../platform/business.ts';
import { createOrders } from './orders/index.ts';

/** All businesses of this service. */
export const businesses: readonly Business[] = [createOrders()];
`;
  await writeFile(join(folder, 'src/business/index.ts'), list);
  await edit(folder, 'package.json', withoutLines('"check:page":'));
  await writeFile(join(folder, 'infra/queues.json'), '{ "queues": {}, "topics": {} }\n');
  return folder;
}
