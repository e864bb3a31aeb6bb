import { join } from 'node:path';
import { drills } from '../drills/catalogue/index.ts';
import { readDrilledCheckout } from '../drills/drilled-checkout.ts';
import { runDrill } from '../drills/run-drill.ts';

const [name, level] = process.argv.slice(2);
const drill = drills.find((d) => d.name === name);
if (!drill) throw new Error('no drill');
const checkout = await readDrilledCheckout(join(import.meta.dirname, '../..'));
console.log(JSON.stringify(await runDrill({ drill, level: Number(level), checkout, told: console.error }), null, 1));
