/** Placeholders: values of the version go in, everything else becomes a reason. */
import { describe, expect, test } from 'vitest';
import { resolveTemplate, templateProblem } from '../../../../src/domain/policy/template.ts';

const VALUES = { version: '7', tags: { 'scoring-code': '3.1', evil: 'x:1/../y', empty: '' } };

describe('resolveTemplate', () => {
  test('version and tags are filled in, with or without blanks', () => {
    const template = `azureml:scoring-\${{ model.version }}:\${{model.tags.scoring-code}}`;
    expect(resolveTemplate(template, VALUES)).toEqual({ ok: true, text: 'azureml:scoring-7:3.1' });
  });

  test('a text without placeholders stays as it is', () => {
    expect(resolveTemplate('azureml:env:1', VALUES)).toEqual({ ok: true, text: 'azureml:env:1' });
  });

  test.each([
    [`\${{model.tags.absent}}`, /no tag "absent"/],
    [`\${{model.tags.toString}}`, /no tag "toString"/],
    [`\${{model.tags.evil}}`, /may hold only/],
    [`\${{model.tags.empty}}`, /may hold only/],
    [`\${{model.name}}`, /unknown placeholder/],
    [`\${{model.version`, /not closed/],
  ])('%s is a reason', (template, reason) => {
    expect(resolveTemplate(template, VALUES)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('a value is never read as a template again', () => {
    const tags = { a: `\${{model.version}}` };
    expect(resolveTemplate(`\${{model.tags.a}}`, { version: '7', tags }).ok).toBe(false);
  });
});

describe('templateProblem', () => {
  test('sees unknown placeholders without any version', () => {
    expect(templateProblem(`\${{model.tags.scoring-code}}:\${{model.version}}`)).toBeNull();
    expect(templateProblem(`\${{env.HOME}}`)).toMatch(/unknown placeholder/);
  });
});
