/** The page behind an approval link, read and sent as a browser does, also where its values are hostile. */
import { HttpRequest } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { acquire, EMPTY_LANE } from '../../../../src/domain/lane/lane.ts';
import { approvalPage } from '../../../../src/functions/http/approval-page.ts';
import { createAnswerApproval } from '../../../../src/functions/http/approvals.ts';
import { aClaim } from '../../domain/a-claim.ts';
import { NOW } from '../../domain/a-policy.ts';
import { InMemoryControl } from '../../fakes/in-memory-control.ts';
import { InMemoryAuditLog } from '../../fakes/in-memory-records.ts';

const ID = 'rollout.flights.air-time.2.1';
const APPROVAL = `${ID}.w50`;
const HOSTILE = `a"b'c<script>alert(1)</script>&amp;&quot;\u2028é中`;

/** Attributes of every start tag, with character references decoded. */
function tagsOf(html: string): readonly { name: string; attributes: Readonly<Record<string, string>> }[] {
  return [...html.matchAll(/<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/g)].map(([, name = '', text = '']) => ({
    name,
    attributes: Object.fromEntries(
      [...text.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(([, key, value = '']) => [key, decoded(value)]),
    ),
  }));
}

const decoded = (text: string) => text.replace(/&#(\d+);/g, (_all, code) => String.fromCharCode(Number(code)));
const textOf = (html: string) => decoded(html.replace(/<style>.*<\/style>/s, '').replace(/<[^>]*>/g, ''));

function fieldsOf(html: string): Readonly<Record<string, string>> {
  const inputs = tagsOf(html).filter(({ name }) => name === 'input');
  return Object.fromEntries(inputs.map(({ attributes: { name = '', value = '' } }) => [name, value]));
}

describe('the page', () => {
  it.each([
    ['approve', 'Approve'],
    ['decline', 'Decline'],
  ] as const)('to %s names the approval and posts its token and answer', (answer, verb) => {
    const html = approvalPage({ approvalId: APPROVAL, token: 'a.b.c', answer });
    expect(fieldsOf(html)).toEqual({ token: 'a.b.c', answer, reason: '' });
    expect(textOf(html)).toContain(`${verb} this step?`);
    expect(textOf(html)).toContain(`Approval ${APPROVAL}.`);
    expect(tagsOf(html).find(({ name }) => name === 'form')?.attributes).toEqual({ method: 'post' });
  });

  it('shows hostile values as text: no tag and no attribute comes from them', () => {
    const harmless = approvalPage({ approvalId: 'x', token: 'y', answer: 'approve' });
    const html = approvalPage({ approvalId: HOSTILE, token: HOSTILE, answer: 'approve' });
    expect(tagsOf(html).map(({ name }) => name)).toEqual(tagsOf(harmless).map(({ name }) => name));
    expect(fieldsOf(html)).toEqual({ token: HOSTILE, answer: 'approve', reason: '' });
    expect(textOf(html)).toContain(`Approval ${HOSTILE}.`);
    expect(html).not.toContain('<script');
  });
});

describe('the form', () => {
  async function answer(fields: Readonly<Record<string, string>>, token: string) {
    const control = new InMemoryControl();
    await control.startOnce('rollout', ID, { endpoint: 'flights' });
    control.lanes.set('flights', acquire(EMPTY_LANE, aClaim(ID), NOW).state);
    const checked: string[] = [];
    const tokens = {
      mint: async () => 'minted',
      check: async (given: string) => {
        checked.push(given);
        if (given !== token) return { ok: false as const, code: 'forged' as const, reason: 'no' };
        const grant = { kind: 'approval' as const, approvalId: APPROVAL, answer: 'approve' as const };
        return { ok: true as const, claims: { subject: 'ada', grant, expiresAtMs: Date.parse(NOW) + 1000 } };
      },
    };
    const request = new HttpRequest({
      method: 'POST',
      url: `https://slipway.example/api/approvals/${APPROVAL}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      params: { approvalId: APPROVAL },
      body: { string: new URLSearchParams(fields).toString() },
    });
    const ports = {
      tokens,
      clock: { nowMs: () => Date.parse(NOW) },
      newId: () => 'id1',
      audit: new InMemoryAuditLog(),
    };
    const reply = await createAnswerApproval(ports)(request, control);
    return { status: reply.status, checked, inbox: control.lanes.get('flights')?.inbox ?? [] };
  }

  it('as the page shows it brings token and reason to the rollout unchanged, whatever is in them', async () => {
    const shown = fieldsOf(approvalPage({ approvalId: APPROVAL, token: HOSTILE, answer: 'approve' }));
    const { status, checked, inbox } = await answer({ ...shown, reason: HOSTILE }, HOSTILE);
    expect({ status, checked }).toEqual({ status: 202, checked: [HOSTILE] });
    expect(inbox.map(({ command }) => command)).toEqual([
      { type: 'approve', approvalId: APPROVAL, token: HOSTILE, reason: HOSTILE },
    ]);
  });

  it('with a token that is not the link\u2019s changes nothing', async () => {
    const { status, inbox } = await answer({ token: 'other', answer: 'approve', reason: 'r' }, 'right');
    expect({ status, inbox }).toEqual({ status: 401, inbox: [] });
  });
});
