/** The import rules of the design: which folder may import what. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

interface Rule {
  readonly folder: string;
  /** Folders of src/ that may be imported. */
  readonly folders: readonly string[];
  /** npm packages and node: modules that may be imported; patterns. */
  readonly packages: readonly RegExp[];
  /** Texts that must not occur. */
  readonly forbidden?: readonly RegExp[];
}

const NON_DETERMINISTIC = [
  /\bDate\.now\b/,
  /new Date\(\)/,
  /Math\.random/,
  /\bawait\b/,
  /\basync\b/,
  /crypto\./,
  /setTimeout/,
];

/** Of the domain, what any part of it may use. */
const SHARED = ['src/domain/text', 'src/domain/ids', 'src/domain/assert-never.ts'];

const RULES: readonly Rule[] = [
  {
    folder: 'src/domain',
    folders: ['src/domain'],
    packages: [],
    forbidden: [/\bDate\.now\b/, /new Date\(\)/, /Math\.random/],
  },
  {
    folder: 'src/domain/evidence',
    folders: ['src/domain/evidence'],
    packages: [],
    forbidden: [/\b(green|blue|errors?|latency|outcomes?|predictions?)\b/i],
  },
  { folder: 'src/domain/judge', folders: ['src/domain/judge', 'src/domain/evidence', ...SHARED], packages: [] },
  { folder: 'src/contracts', folders: ['src/contracts', 'src/domain'], packages: [/^zod$/] },
  {
    folder: 'src/config',
    folders: ['src/config', 'src/contracts', 'src/domain'],
    packages: [/^zod$/, /^yaml$/, /^node:/],
  },
  { folder: 'src/ports', folders: ['src/ports', 'src/contracts', 'src/domain'], packages: [] },
  {
    folder: 'src/orchestrators',
    folders: ['src/orchestrators', 'src/domain', 'src/contracts'],
    packages: [/^durable-functions$/],
    forbidden: NON_DETERMINISTIC,
  },
  {
    folder: 'src/entities',
    folders: ['src/entities', 'src/domain', 'src/contracts'],
    packages: [/^durable-functions$/],
    forbidden: NON_DETERMINISTIC,
  },
  {
    folder: 'src/activities',
    folders: ['src/activities', 'src/domain', 'src/contracts', 'src/config', 'src/ports'],
    packages: [],
  },
  {
    folder: 'src/commands',
    folders: ['src/commands', 'src/domain', 'src/contracts', 'src/config', 'src/ports'],
    packages: [],
  },
  {
    folder: 'src/functions',
    folders: ['src/functions', 'src/commands', 'src/domain', 'src/contracts', 'src/config', 'src/ports'],
    packages: [/^@azure\/functions$/, /^zod$/],
  },
  {
    folder: 'src/register',
    folders: ['src/register', 'src/functions', 'src/contracts', 'src/config', 'src/adapters/durable', 'src/compose.ts'],
    packages: [/^node:timers\/promises$/, /^@azure\/functions$/, /^durable-functions$/],
  },
  { folder: 'local', folders: ['local'], packages: [/.*/] },
  { folder: 'demo', folders: ['demo', 'local', 'src/contracts'], packages: [/.*/] },
];

const ADAPTER_PACKAGES: Readonly<Record<string, readonly RegExp[]>> = {
  'src/adapters/azure-ml': [/^@azure\/(arm-machinelearning|core-.*|identity)$/, /^node:/, /^zod$/],
  'src/adapters/azure-monitor': [/^@azure\/(monitor-query|core-.*|identity)$/, /^zod$/],
  'src/adapters/event-grid': [/^@azure\/(eventgrid|core-.*|identity)$/],
  'src/adapters/service-bus': [/^@azure\/(service-bus|core-.*|identity)$/, /^node:crypto$/],
  'src/adapters/mlflow': [/^@azure\/core-.*$/, /^zod$/],
  'src/adapters/storage': [/^csv-parse$/, /^@azure\/(data-tables|storage-blob|core-.*|identity)$/, /^node:/, /^zod$/],
  'src/adapters/tokens': [/^jose$/, /^zod$/],
  'src/adapters/durable': [/^durable-functions$/],
  'src/adapters/calls': [/^@azure\/core-.*$/],
};

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g)].map((match) =>
    String(match[1] ?? match[2]),
  );
}

function violationsOf(file: string, folders: readonly string[], packages: readonly RegExp[]): readonly string[] {
  return importsOf(file)
    .filter((name) => {
      if (!name.startsWith('.')) return !packages.some((pattern) => pattern.test(name));
      const target = relative(ROOT, resolve(ROOT, dirname(file), name));
      return !folders.some((folder) => target === folder || target.startsWith(`${folder}/`));
    })
    .map((name) => `${file} imports ${name}`);
}

describe('import rules', () => {
  it.each(RULES)('$folder imports only what it may', ({ folder, folders, packages }) => {
    const files = filesOf(folder);
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => violationsOf(file, folders, packages))).toEqual([]);
  });

  it.each(RULES.filter(({ forbidden }) => forbidden))('$folder stays deterministic', ({ folder, forbidden = [] }) => {
    const found = filesOf(folder).flatMap((file) => {
      const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`|'[^']*'/g, '');
      return forbidden.filter((pattern) => pattern.test(code)).map((pattern) => `${file} contains ${pattern}`);
    });
    expect(found).toEqual([]);
  });

  it('no file of the domain imports itself by way of others, types counted', () => {
    const files = filesOf('src/domain');
    const targets = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((name) => name.startsWith('.'))
          .map((name) => relative(ROOT, resolve(ROOT, dirname(file), name))),
      ]),
    );
    const reached = (from: string): Set<string> => {
      const seen = new Set<string>();
      const open = [...(targets.get(from) ?? [])];
      for (let file = open.pop(); file !== undefined; file = open.pop()) {
        if (seen.has(file)) continue;
        seen.add(file);
        open.push(...(targets.get(file) ?? []));
      }
      return seen;
    };
    expect(files.filter((file) => reached(file).has(file))).toEqual([]);
  });

  it('an adapter imports its SDK, the ports, the domain and what all calls share, never another adapter', () => {
    const folders = new Set(filesOf('src/adapters').map((file) => file.split('/').slice(0, 3).join('/')));
    const found = [...folders].flatMap((folder) =>
      filesOf(folder.endsWith('.ts') ? 'src/adapters' : folder)
        .filter((file) => file.startsWith(folder))
        .flatMap((file) =>
          violationsOf(
            file,
            [folder, 'src/adapters/calls', 'src/ports', 'src/domain', 'src/contracts'],
            ADAPTER_PACKAGES[folder] ?? [/^@azure\/identity$/, /^jose$/, /^@azure\/core-auth$/],
          ),
        ),
    );
    expect(found).toEqual([]);
  });

  it('a file lies in one of the folders of the layout', () => {
    const allowed = [
      'config',
      'contracts',
      'domain',
      'ports',
      'orchestrators',
      'entities',
      'activities',
      'commands',
      'functions',
      'adapters',
      'register',
      'tools',
    ];
    const entries = ['src/index.ts', 'src/compose.ts', 'src/create-ports.ts'];
    const strays = filesOf('src').filter(
      (file) => !entries.includes(file) && !allowed.includes(String(file.split('/')[1])),
    );
    expect(strays).toEqual([]);
  });

  it('the app is composed without adapters, and only register registers', () => {
    const parts = ['activities', 'commands', 'config', 'contracts', 'domain', 'entities', 'functions', 'orchestrators'];
    const folders = [...parts, 'ports'].map((name) => `src/${name}`);
    expect(violationsOf('src/compose.ts', folders, [/^durable-functions$/])).toEqual([]);
    const effects = /\bdf\.app\b|\b(app|functions)\.(http|timer|eventGrid|serviceBusQueue)\(/;
    const registering = filesOf('src').filter((file) => effects.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(registering.map((file) => dirname(file))).toEqual(registering.map(() => 'src/register'));
    expect(registering.length).toBeGreaterThan(0);
  });

  it('policies are found by domain/policy/policies.ts alone: nobody else holds a list of them or searches one', () => {
    const lists = /\bRolloutPolicy\[\]|<(readonly )?RolloutPolicy>|<RolloutPolicy\b/;
    const searches =
      /\bpolicies\.(find|filter|some)\(|\.(all|retrained|ofModel|ofEndpoint)\([^)]*\)\s*\.(find|filter|some)\(/;
    const found = filesOf('src')
      .filter((file) => file !== 'src/domain/policy/policies.ts')
      .filter((file) => {
        const code = readFileSync(join(ROOT, file), 'utf8');
        return lists.test(code) || searches.test(code);
      });
    expect(found).toEqual([]);
  });
});
