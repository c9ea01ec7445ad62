/** The panel and the terminal. */
import { describe, expect, test } from 'vitest';
import { type PanelState, panelLine, panelLines } from '../../demo/view/panel.ts';
import { createTerminal } from '../../demo/view/terminal.ts';
import { summarize } from '../../local/traffic/answer-record.ts';

const answer = { dueAtMs: 0, latencyMs: 12, status: 200, deployment: 'flights-blue', absoluteError: 4 };
const failed = { ...answer, status: 429, deployment: '', absoluteError: null };
const state: PanelState = {
  elapsedMs: 65_000,
  story: '1 of 5: goes live',
  phase: 'watching',
  reason: 'green has 10 %',
  deployments: [
    { name: 'flights-blue', modelVersion: '1', livePercent: 90, mirrorPercent: 0, recent: summarize([answer]) },
    { name: 'green', modelVersion: '2', livePercent: 0, mirrorPercent: 20, recent: summarize([]) },
  ],
  all: summarize([answer, failed]),
  openRequests: 1,
};

describe('panel', () => {
  test('shows shares, numbers and the requests that no deployment answered', () => {
    const text = panelLines(state, 200).join('\n');
    expect(text).toContain('01:05  1 of 5: goes live');
    expect(text).toMatch(/flights-blue +1 +█{18}·· +90 % +1 +0 +12 +4\.0/);
    expect(text).toMatch(/green +2 .*copy 20%.* - +-/);
    expect(text).toContain('2 requests, 1 failed, 1 open');
  });

  test('no line is wider than the terminal', () => {
    expect(panelLines(state, 30).every((line) => line.length <= 30)).toBe(true);
  });

  test('without a terminal one line says the same', () => {
    expect(panelLine(state)).toBe(
      '01:05  v1 90 % (1 req, 0 err, p95 12 ms)  v2 0 %, mirror 20 % (0 req, 0 err, p95 - ms)  1 failed in all  watching',
    );
  });
});

describe('terminal', () => {
  function written(isTTY: boolean) {
    const parts: string[] = [];
    return { parts, terminal: createTerminal({ isTTY, columns: 80, write: (text: string) => parts.push(text) }) };
  }

  test('a panel is drawn over the one before, lasting lines above it', () => {
    const { parts, terminal } = written(true);
    terminal.draw(['a', 'b']);
    terminal.draw(['c']);
    terminal.say('stays');
    expect(parts).toEqual(['a\nb\n', '\x1b[2A\r\x1b[Jc\n', '\x1b[1A\r\x1b[Jstays\nc\n']);
  });

  test('without a terminal nothing is erased', () => {
    const { parts, terminal } = written(false);
    terminal.draw(['a']);
    terminal.say('b');
    expect(parts.join('')).toBe('a\nb\n');
  });

  test('escape sequences in reasons do not reach the terminal', () => {
    const { parts, terminal } = written(true);
    terminal.say('red \x1b[31m alert\u0007');
    terminal.draw(['\x1b]0;title']);
    expect(parts.join('')).toBe('red  [31m alert \n ]0;title\n');
  });
});
