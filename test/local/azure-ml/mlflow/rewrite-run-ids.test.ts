import { expect, test } from 'vitest';
import { runIdsIn, withArtifactUris, withRunIds } from '../../../../local/azure-ml/mlflow/rewrite-run-ids.ts';

const RUNS = {
  runs: [
    {
      info: { run_id: 'a1', run_uuid: 'a1', artifact_uri: 'file:///x/a1', run_name: 'a1' },
      data: { tags: [{ key: 'run', value: 'a1' }] },
    },
    { info: { run_id: 'b2', run_uuid: 'b2', artifact_uri: 'file:///x/b2' } },
  ],
  next_page_token: null,
};

test('run ids are found and renamed at any depth, and nothing else that looks like one', () => {
  expect(runIdsIn(RUNS)).toEqual(['a1', 'b2']);
  const renamed = withRunIds(RUNS, (id) => (id === 'a1' ? 'job-1' : undefined));
  expect(renamed).toEqual({
    runs: [
      {
        info: { run_id: 'job-1', run_uuid: 'job-1', artifact_uri: 'file:///x/a1', run_name: 'a1' },
        data: { tags: [{ key: 'run', value: 'a1' }] },
      },
      RUNS.runs[1],
    ],
    next_page_token: null,
  });
});

test('only runs of jobs get another artefact address', () => {
  const answer = withArtifactUris(RUNS, (name) => (name === 'b2' ? 'azureml://b2' : undefined));
  expect(answer).toMatchObject({
    runs: [{ info: { artifact_uri: 'file:///x/a1' } }, { info: { artifact_uri: 'azureml://b2' } }],
  });
});

test.each([undefined, null, 'text', 7, []])('a body of %s stays what it is', (body) => {
  expect(runIdsIn(body)).toEqual([]);
  expect(withRunIds(body, () => 'x')).toEqual(body);
});
