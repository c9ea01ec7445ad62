/** What a policy says about data collection, the model monitor and instances: defaults, bounds and places of faults. */
import { expect, test } from 'vitest';
import { parsePolicy } from '../../../src/config/policy-document.ts';

function policyWith({ deployment = '', rest = '' }: { deployment?: string; rest?: string }) {
  const text = `
name: small
endpoint: scores
model: scores
deployment:
  environment: azureml:env:1
  code: azureml:code:1
  scoringScript: score.py
  instanceType: Standard_DS3_v2
${deployment}
smokeTest:
  requests:
    - {name: one, body: {data: [1]}, expect: {type: number}}
${rest}
`;
  return parsePolicy('p.yaml', text, '.');
}

test('a policy that says nothing collects nothing, moves no monitor and adds no instance', () => {
  expect(policyWith({})).toMatchObject({
    ok: true,
    policy: { monitor: null, deployment: { dataCollection: null, maxInstanceCount: null } },
  });
});

test('collections are kept whole, and the reference follows the training data, unless the policy says otherwise', () => {
  const deployment = '  dataCollection: { collections: [model_inputs, model_outputs] }\n  maxInstanceCount: 4';
  expect(policyWith({ deployment, rest: 'monitor: { schedule: flights-monitor }' })).toMatchObject({
    ok: true,
    policy: {
      monitor: { schedule: 'flights-monitor', reference: 'training-data' },
      deployment: {
        dataCollection: { collections: ['model_inputs', 'model_outputs'], samplingRate: 1 },
        maxInstanceCount: 4,
      },
    },
  });
  const kept = 'monitor: { schedule: flights-monitor, reference: keep }';
  expect(policyWith({ rest: kept })).toMatchObject({ policy: { monitor: { reference: 'keep' } } });
});

test.each([
  [{ deployment: '  dataCollection: { collections: [] }' }, 'deployment.dataCollection.collections'],
  [{ deployment: '  dataCollection: { collections: [a, a] }' }, 'names a collection twice'],
  [{ deployment: '  dataCollection: { collections: [../x] }' }, 'deployment.dataCollection.collections[0]'],
  [{ deployment: '  dataCollection: { collections: [a], samplingRate: 0 }' }, 'deployment.dataCollection.samplingRate'],
  [{ deployment: '  maxInstanceCount: 51' }, 'deployment.maxInstanceCount'],
  [{ rest: 'monitor: { schedule: a/b }' }, 'monitor.schedule'],
  [{ rest: 'monitor: { name: x }' }, 'monitor.name'],
])('%j is refused at %s', (parts, where) => {
  const reading = policyWith(parts);
  const problems = reading.ok ? [] : reading.problems.map(({ what }) => what);
  expect(problems).toContainEqual(expect.stringContaining(where));
});
