import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKSPACE_ID } from '../azure-ml-fixture.ts';
import { type JobFixture, startJobFixture } from './job-fixture.ts';

let fixture: JobFixture;

beforeAll(async () => {
  fixture = await startJobFixture();
});
afterAll(() => fixture?.stop());

const LIMIT_MS = 60_000;

function legacyMode(v1LegacyMode: boolean) {
  return fixture.raw('POST', `${fixture.azureMl.url}/_control/workspace`, { v1LegacyMode });
}

function starts(name: string): number {
  return fixture.statuses(name).filter((status) => status === 'NotStarted').length;
}

describe('a job put', () => {
  test(
    'again with the same body is answered 200 and runs once',
    async () => {
      expect((await fixture.command('same', 'echo one')).status).toBe(201);
      expect((await fixture.command('same', 'echo one')).status).toBe(200);
      await fixture.ended('same');
      expect((await fixture.command('same', 'echo one')).body.properties.status).toBe('Completed');
      expect(starts('same')).toBe(1);
    },
    LIMIT_MS,
  );

  test(
    'again as it was read changes nothing; labels may change, what it runs may not',
    async () => {
      await fixture.command('read', 'echo one', { outputs: { model: { jobOutputType: 'custom_model' } } });
      const read = await fixture.ended('read');
      expect((await fixture.raw('PUT', '/jobs/read', read)).status).toBe(200);
      const archived = { ...read, properties: { ...read.properties, isArchived: true, tags: { kept: 'yes' } } };
      expect((await fixture.raw('PUT', '/jobs/read', archived)).body.properties).toMatchObject({
        isArchived: true,
        tags: { kept: 'yes' },
        status: 'Completed',
      });
      const other = await fixture.command('read', 'echo two', {
        outputs: { model: { jobOutputType: 'custom_model' } },
      });
      expect(other.status).toBe(400);
      expect(other.body.error.details).toEqual([expect.objectContaining({ target: 'properties.command' })]);
      expect(starts('read')).toBe(1);
    },
    LIMIT_MS,
  );

  test('by the official client 2.1.1 loses the uri of an asset input, and is refused for it', async () => {
    const job = {
      properties: {
        jobType: 'Command' as const,
        command: 'echo',
        environmentId: `${WORKSPACE_ID}/environments/training/versions/1`,
        inputs: {
          data: { jobInputType: 'uri_folder' as const, uri: 'azureml://datastores/workspaceblobstore/paths/x' },
        },
      },
    };
    const refused = fixture.client.jobs.createOrUpdate('rg-test', 'ws-test', 'sdk-asset', job);
    await expect(refused).rejects.toMatchObject({ statusCode: 400 });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('details') });
    expect((await fixture.raw('GET', '/jobs/sdk-asset')).status).toBe(404);
  });

  test(
    'by the official client with literal inputs runs, is listed, canceled by its poller, and deleted',
    async () => {
      const { jobs } = fixture.client;
      const literal = { jobInputType: 'literal' as const, value: '600' };
      await jobs.createOrUpdate('rg-test', 'ws-test', 'sdk', {
        properties: {
          jobType: 'Command',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of Azure ML
          command: 'sleep ${{inputs.seconds}}',
          environmentId: 'azureml:training:1',
          inputs: { seconds: literal },
          tags: { kind: 'sdk' },
        },
      });
      await fixture.reached('sdk', 'Running');
      const listed: string[] = [];
      for await (const job of jobs.list('rg-test', 'ws-test', { tag: 'kind=sdk' })) listed.push(job.name ?? '');
      expect(listed).toEqual(['sdk']);
      expect((await fixture.raw('DELETE', '/jobs/sdk')).status).toBe(409);
      await jobs.beginCancelAndWait('rg-test', 'ws-test', 'sdk', { updateIntervalInMs: 20 });
      expect((await jobs.get('rg-test', 'ws-test', 'sdk')).properties.status).toBe('Canceled');
      await jobs.beginDeleteAndWait('rg-test', 'ws-test', 'sdk', { updateIntervalInMs: 20 });
      await expect(jobs.get('rg-test', 'ws-test', 'sdk')).rejects.toMatchObject({ statusCode: 404 });
    },
    LIMIT_MS,
  );

  test.each([
    ['has no command', { command: undefined }, 'command'],
    ['names an environment that is not there', { environmentId: 'azureml:nothing:1' }, 'environmentId'],
    ['names code that is not there', { codeId: 'azureml:nothing:1' }, 'codeId'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of Azure ML
    ['uses an input that it does not have', { command: 'echo ${{inputs.nothing}}' }, 'command'],
    [
      'names a data asset that is not there',
      { inputs: { d: { jobInputType: 'uri_file', uri: 'azureml:no:1' } } },
      'uri',
    ],
    [
      'reads the output of an unknown job',
      { inputs: { d: { jobInputType: 'uri_file', uri: 'azureml://jobs/no/outputs/x' } } },
      'uri',
    ],
    ['has a limit that is no duration', { limits: { timeout: '1 hour' } }, 'timeout'],
    ['asks for two machines', { resources: { instanceCount: 2 } }, 'instanceCount'],
    ['is of a type that is not run here', { jobType: 'Sweep' }, 'jobType'],
  ])('that %s is refused with 400, by name', async (_case, properties, member) => {
    const { status, body } = await fixture.command('refused', 'echo', properties);
    expect(status).toBe(400);
    expect(JSON.stringify(body.error.details)).toContain(member);
    expect((await fixture.raw('GET', '/jobs/refused')).status).toBe(404);
  });

  test('all of whose members are wrong hears of all of them at once', async () => {
    const { body } = await fixture.command('wrong', '', { environmentId: '', limits: { timeout: 'x' } });
    expect(body.error.details).toHaveLength(3);
  });
});

test('in v1 legacy mode v2 calls are refused with the remedy, and the workspace says so', async () => {
  await legacyMode(true);
  try {
    const refusals = [
      await fixture.command('legacy', 'echo'),
      await fixture.raw('GET', '/models'),
      await fixture.raw('GET', '/onlineEndpoints'),
    ];
    for (const { status, body } of refusals) {
      expect(status).toBe(403);
      expect(body.error.message).toContain('Set v1LegacyMode to false');
    }
    expect((await fixture.raw('GET', '')).body.properties.v1LegacyMode).toBe(true);
  } finally {
    await legacyMode(false);
  }
  expect((await fixture.raw('GET', '/models')).status).toBe(200);
});
