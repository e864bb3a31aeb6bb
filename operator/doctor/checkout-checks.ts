import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, when } from './doctor-check.ts';
import { readConfiguration, readInstalled } from './read-checkout.ts';

const isBelow = (version: string, least: string) => version.localeCompare(least, 'en', { numeric: true }) < 0;

const node: Check = {
  codes: ['node-too-old'],
  run: ({ nodeVersion }) => ({ 'node-too-old': when(isBelow(nodeVersion, '22.18'), `This is Node ${nodeVersion}.`) }),
};

const packages: Check = {
  codes: ['opentelemetry-api-twice', 'opentelemetry-api-version', 'exporter-too-old'],
  run({ ask }) {
    const copies = (name: string, isWrong: (version: string) => boolean) =>
      ask(readInstalled).flatMap(([folder, { version = '' }]) =>
        when(folder.endsWith(`node_modules/${name}`) && isWrong(version), `${folder} is ${version}.`),
      );
    const apis = copies('@opentelemetry/api', () => true);
    return {
      'opentelemetry-api-twice': apis.length > 1 ? apis : [],
      'opentelemetry-api-version': copies('@opentelemetry/api', (version) => version !== '1.9.1'),
      'exporter-too-old': copies(
        '@azure/monitor-opentelemetry-exporter',
        (version) => version.includes('-') && isBelow(version, '1.0.0-beta.47'),
      ),
    };
  },
};

const startsClassicSdk = /(from|require\(|import\(?)\s*['"]applicationinsights['"][\s\S]*\.start\(/;

const sources: Check = {
  codes: ['classic-sdk-started'],
  run({ root, ask }) {
    const isAllowed = ask(readConfiguration).config?.active.includes('classic-client') === true;
    const paths = globSync('src/business/**/*.{ts,js,mjs}', { cwd: root, exclude: ['**/*.test.*'] });
    const found = paths.filter((path) => startsClassicSdk.test(readFileSync(join(root, path), 'utf8')));
    const sentences = found.map((path) => `${path} imports "applicationinsights" and starts it.`);
    return { 'classic-sdk-started': isAllowed ? [] : sentences };
  },
};

/** Checks of Node and of the packages and sources of this checkout. */
export const checkoutChecks: readonly Check[] = [node, packages, sources];
