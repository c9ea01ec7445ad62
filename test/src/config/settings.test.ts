/** Settings: defaults, everything wrong at once, and a secret that is never shown. */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/config/settings.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64url');

const NEEDED = {
  SLIPWAY_SUBSCRIPTION_ID: '11111111-2222-3333-4444-555555555555',
  SLIPWAY_RESOURCE_GROUP: 'rg-models',
  SLIPWAY_WORKSPACE: 'mlw-models',
  SLIPWAY_LOG_ANALYTICS_WORKSPACE_ID: '66666666-7777-8888-9999-000000000000',
  SLIPWAY_TABLES_ENDPOINT: 'https://st.table.core.windows.net/',
  SLIPWAY_BLOBS_ENDPOINT: 'https://st.blob.core.windows.net',
  SLIPWAY_EVENT_TOPIC_ENDPOINT: 'https://topic.westeurope-1.eventgrid.azure.net/api/events',
  SLIPWAY_TOKEN_SECRET: SECRET,
  WEBSITE_HOSTNAME: 'slipway.azurewebsites.net',
};

function read(environment: Record<string, string | undefined>) {
  const reading = readSettings(environment, '/app');
  if (!reading.ok) throw new Error(reading.problems.map(({ where, what }) => `${where} ${what}`).join('\n'));
  return reading.settings;
}

function problems(environment: Record<string, string | undefined>): string[] {
  const reading = readSettings(environment, '/app');
  return reading.ok ? [] : reading.problems.map(({ where, what }) => `${where} ${what}`);
}

describe('readSettings', () => {
  test('the needed settings are enough; the others get their defaults', () => {
    expect(read(NEEDED)).toMatchObject({
      armEndpoint: 'https://management.azure.com',
      metricsEndpoint: 'https://management.azure.com',
      logsEndpoint: 'https://api.loganalytics.io',
      tablesEndpoint: 'https://st.table.core.windows.net',
      publicUrl: 'https://slipway.azurewebsites.net',
      policiesFolder: '/app/policies',
      allowedHosts: [],
      pollSchedule: '0 */5 * * * *',
      watchdogSchedule: '0 * * * * *',
      maxEventAgeMs: 86_400_000,
    });
  });

  describe('Service Bus', () => {
    const connection = 'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=c2VjcmV0';

    test('is not used unless it is configured', () => {
      expect(read(NEEDED).serviceBus).toBeNull();
    });

    test('is reached by identity, or by a connection string that is never shown', () => {
      const name = 'SLIPWAY_SERVICE_BUS__fullyQualifiedNamespace';
      expect(read({ ...NEEDED, [name]: 'ns.servicebus.windows.net' }).serviceBus).toEqual({
        kind: 'namespace',
        fullyQualifiedNamespace: 'ns.servicebus.windows.net',
      });
      const { serviceBus } = read({ ...NEEDED, SLIPWAY_SERVICE_BUS: connection, [name]: 'ns.servicebus.windows.net' });
      expect(serviceBus?.kind === 'connection-string' && serviceBus.reveal()).toBe(connection);
      expect(inspect(serviceBus, { depth: 9 }) + JSON.stringify(serviceBus)).not.toContain('c2VjcmV0');
    });

    test.each(['Endpoint=sb://ns', `${connection};EntityPath=q`, connection.replace('sb:', 'https:'), 'x'])(
      '%s is no connection string of a namespace',
      (text) => {
        expect(problems({ ...NEEDED, SLIPWAY_SERVICE_BUS: text })[0]).toContain('must be a connection string');
      },
    );
  });

  test('metrics follow the ARM endpoint unless they have their own', () => {
    expect(read({ ...NEEDED, SLIPWAY_ARM_ENDPOINT: 'https://localhost:8443' }).metricsEndpoint).toBe(
      'https://localhost:8443',
    );
    expect(read({ ...NEEDED, SLIPWAY_METRICS_ENDPOINT: 'https://localhost:9' }).metricsEndpoint).toBe(
      'https://localhost:9',
    );
  });

  test('a host that runs locally is reached by plain http', () => {
    expect(read({ ...NEEDED, WEBSITE_HOSTNAME: 'localhost:7071' }).publicUrl).toBe('http://localhost:7071');
  });

  test('an empty environment is answered with every missing setting at once', () => {
    const names = problems({}).map((text) => text.split(' ')[0]);
    const missing = Object.keys(NEEDED).filter((name) => name !== 'WEBSITE_HOSTNAME');
    expect(names.sort()).toEqual([...missing, 'SLIPWAY_PUBLIC_URL'].sort());
  });

  test.each([
    ['SLIPWAY_SUBSCRIPTION_ID', 'sub', /GUID/],
    ['SLIPWAY_ARM_ENDPOINT', 'http://management.azure.com', /https/],
    ['SLIPWAY_BLOBS_ENDPOINT', 'https://u:p@st.blob.core.windows.net', /without user/],
    ['SLIPWAY_PUBLIC_URL', 'http://slipway.example', /http only on localhost/],
    ['SLIPWAY_TOKEN_SECRET', Buffer.alloc(31).toString('base64url'), /at least 32/],
    ['SLIPWAY_TOKEN_SECRET', `${SECRET} !`, /base64url/],
    ['SLIPWAY_ALLOWED_HOSTS', 'localhost:1,*.example:443', /these are none: \*\.example:443/],
    ['SLIPWAY_ALLOWED_HOSTS', 'localhost:70000', /localhost:70000/],
    ['SLIPWAY_POLL_SCHEDULE', '*/5 * * * *', /six fields/],
    ['SLIPWAY_MAX_EVENT_AGE', '8d', /1m to 7d/],
  ])('%s = %s is refused with what is expected', (name, text, message) => {
    expect(problems({ ...NEEDED, [name]: text })).toEqual([expect.stringMatching(message)]);
  });

  test('allowed hosts are trimmed and lower-cased', () => {
    expect(read({ ...NEEDED, SLIPWAY_ALLOWED_HOSTS: ' LocalHost:8443 , 127.0.0.1:9 ' }).allowedHosts).toEqual([
      'localhost:8443',
      '127.0.0.1:9',
    ]);
  });

  test('the token secret is never printed, but can be used', () => {
    const settings = read(NEEDED);
    for (const text of [
      JSON.stringify(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      `${settings.tokenSecret}`,
    ]) {
      expect(text).not.toContain(SECRET);
      expect(text).toContain('[secret]');
    }
    expect(settings.tokenSecret.reveal()).toEqual(new Uint8Array(Buffer.alloc(32, 7)));
    expect(problems({ ...NEEDED, SLIPWAY_TOKEN_SECRET: 'c2hvcnQ' }).join()).not.toContain('c2hvcnQ');
  });

  test('the sample of local settings names every setting and lacks only the secret', () => {
    const sample = JSON.parse(readFileSync(new URL('../../../local.settings.sample.json', import.meta.url), 'utf8'));
    expect(problems(sample.Values)).toEqual([expect.stringMatching(/^SLIPWAY_TOKEN_SECRET is missing/)]);
    const unnamed = Object.keys(NEEDED).filter((name) => !(name in sample.Values));
    expect(unnamed).toEqual(['WEBSITE_HOSTNAME']);
  });
});
