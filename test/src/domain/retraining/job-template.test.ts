/** Slipway's placeholders are filled wherever they stand in a job; those of Azure ML stay. */
import { describe, expect, it } from 'vitest';
import { fillJob, fillJobName, unknownPlaceholders } from '../../../../src/domain/retraining/job-template.ts';

const VALUES = {
  data: 'azureml:rows:7',
  champion: 'azureml:air-time:3',
  version: '4',
  trigger: 'drift',
  job: 'slipway-1',
};

describe('a job', () => {
  it('is filled however deep a placeholder stands, and keeps everything else', () => {
    const template = {
      command: `python train.py --data \${{inputs.data}} --why "\${{ slipway.trigger }}, \${{slipway.version}}"`,
      inputs: { data: { jobInputType: 'uri_file', uri: `\${{slipway.data}}` } },
      steps: [{ args: [`\${{slipway.champion}}`, 3, null, true] }],
    };
    expect(fillJob(template, VALUES)).toEqual({
      command: `python train.py --data \${{inputs.data}} --why "drift, 4"`,
      inputs: { data: { jobInputType: 'uri_file', uri: 'azureml:rows:7' } },
      steps: [{ args: ['azureml:air-time:3', 3, null, true] }],
    });
    expect(template.inputs.data.uri).toBe(`\${{slipway.data}}`);
  });

  it('is not filled twice: a value that looks like a placeholder stays as it is', () => {
    const values = { ...VALUES, data: `\${{slipway.version}}$&` };
    expect(fillJob({ uri: `\${{slipway.data}}` }, values)).toEqual({ uri: `\${{slipway.version}}$&` });
  });

  it('lends its name to an address', () => {
    expect(fillJobName(`azureml://a/\${{slipway.job}}/\${{slipway.data}}`, 'slipway-1')).toBe(
      `azureml://a/slipway-1/\${{slipway.data}}`,
    );
    expect(fillJob({ uri: `a/\${{slipway.job}}` }, VALUES)).toEqual({ uri: 'a/slipway-1' });
  });

  it.each([
    `\${{slipway.data}}`,
    `\${{ slipway.data }}`,
    `\${{  slipway.data  }}`,
    `\${{slipway.data }}`,
    `\${{ slipway.data}}`,
  ])('takes %s with any spaces', (text) => {
    expect(fillJob({ uri: text }, VALUES)).toEqual({ uri: 'azureml:rows:7' });
  });

  it.each([`\${{slipway.}}`, `\${{slipway.DATA}}`, `\${{xslipway.data}}`, `\${{slipway.datax1}}`, `\${slipway.data}`])(
    'leaves %s, which is no placeholder',
    (text) => {
      expect(fillJob({ uri: text }, VALUES)).toEqual({ uri: text });
      expect(unknownPlaceholders(text)).toEqual([]);
    },
  );

  it('with a placeholder that Slipway does not know is found out', () => {
    expect(
      unknownPlaceholders(`\${{slipway.data}} \${{slipway.owner}} \${{inputs.owner}} \${{slipway.constructor}}`),
    ).toEqual(['owner', 'constructor']);
  });
});
