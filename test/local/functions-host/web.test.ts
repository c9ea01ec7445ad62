/** HTTP functions, over the wire, through the host's own command. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failToStart, fixture, type HostProcess, startHostProcess } from './host-process.ts';

const APP = ['--script-root', fixture('web'), '--settings', `${fixture('web')}/settings.json`];

let host: HostProcess;

beforeAll(async () => {
  host = await startHostProcess([...APP, '--port', '0'], { SAMPLE: 'from the environment' });
});

afterAll(async () => {
  await host?.kill('SIGKILL');
});

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${host.url}/api/${path}`, init);
}

describe('what the app sees of a request', () => {
  test('a request with everything arrives with url, params, query, headers and body', async () => {
    const answer = await call('echo/12?a=1&a=2&b=', { method: 'POST', body: 'höre', headers: { 'X-Sample': 'q' } });
    expect(await answer.json()).toEqual({
      method: 'POST',
      url: `${host.url}/api/echo/12?a=1&a=2&b=`,
      params: { id: '12' },
      query: { a: '1,2', b: '' },
      header: 'q',
      body: 'höre',
    });
  });

  test('an unused optional parameter is absent', async () => {
    expect(await (await call('echo')).json()).toMatchObject({ params: {}, body: '' });
  });

  test('a body of bytes stays as it is in both directions', async () => {
    const answer = await call('bytes', { method: 'POST', body: new Uint8Array([0, 255, 128, 10]) });
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([10, 128, 255, 0]);
  });

  test('a catch-all takes the rest of the path, decoded, and may be empty', async () => {
    expect(await (await call('files/a/b%20c/d')).json()).toEqual({ rest: 'a/b c/d' });
    expect(await (await call('files')).json()).toEqual({});
  });

  test('settings come from the file, the environment wins, and the host adds its own', async () => {
    const { port } = new URL(host.url);
    expect(await (await call('settings')).json()).toEqual({
      sample: 'from the environment',
      hostname: `localhost:${port}`,
      root: fixture('web'),
    });
  });
});

describe('what the caller sees of an answer', () => {
  test('status, headers and cookies are passed on', async () => {
    const answer = await call('cookies');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-answer')).toBe('yes');
    expect(answer.headers.getSetCookie()).toEqual([
      'plain=a%20b',
      'full=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=60; Path=/p; Secure; HttpOnly; SameSite=None',
    ]);
  });

  test('a handler that returns nothing is answered with 204', async () => {
    expect((await call('nothing')).status).toBe(204);
  });

  test('a bare text and a thrown error are both an empty 500, and the reason is in the log', async () => {
    for (const path of ['bareText', 'fails']) {
      const answer = await call(path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 500, '']);
    }
    expect(host.output()).toContain('this text stays inside');
  });

  test('an answer with a header that HTTP does not allow is an empty 500, and the reason is in the log', async () => {
    const answer = await call('badCookie');
    expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([500, '', null]);
    expect(host.output()).toContain('GET /api/badCookie failed in the host: Invalid character in header content');
  });

  test('a HEAD request is answered without a body', async () => {
    const answer = await call('echo', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('routing', () => {
  test.each([
    ['a path that no route has', 'GET', 'unknown'],
    ['a value that breaks the constraint', 'GET', 'echo/twelve'],
    ['a method that the function does not take', 'POST', 'nothing'],
    ['a function that a setting switches off', 'GET', 'switchedOff'],
    ['a path that cannot be decoded', 'GET', 'files/%ff'],
  ])('%s is answered with 404', async (_case, method, path) => {
    expect((await call(path, { method })).status).toBe(404);
  });

  test('case and a trailing slash do not matter', async () => {
    expect((await fetch(`${host.url}/API/Echo/5/`)).status).toBe(200);
  });

  test('a setting named in a route is filled in', async () => {
    expect(await (await call('configured/here')).text()).toBe('found');
  });

  test('of two routes that fit, the function whose name sorts first wins, even over a literal', async () => {
    expect(await (await call('order/first')).text()).toBe('parameter');
  });
});

describe('limits and bad requests', () => {
  test('a body beyond 100 MB is refused before it is read', async () => {
    const { port } = new URL(host.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('POST /api/bytes HTTP/1.1\r\nHost: x\r\nContent-Length: 104857601\r\n\r\n');
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
  });
});

describe('the host’s own routes', () => {
  test('the status says that the host runs', async () => {
    expect(await (await fetch(`${host.url}/admin/host/status`)).json()).toMatchObject({ state: 'Running' });
  });

  test('the function list leaves out what is switched off', async () => {
    const functions = (await (await fetch(`${host.url}/admin/functions`)).json()) as { name: string }[];
    const names = functions.map(({ name }) => name);
    expect(names).toContain('echo');
    expect(names).not.toContain('switchedOff');
  });

  test('an HTTP function cannot be run over the admin route', async () => {
    expect((await fetch(`${host.url}/admin/functions/echo`, { method: 'POST', body: '{"input":""}' })).status).toBe(
      400,
    );
    expect((await fetch(`${host.url}/admin/functions/none`, { method: 'POST' })).status).toBe(404);
  });
});

test('a second host on the same port ends with the port and the remedy', async () => {
  const { port } = new URL(host.url);
  const { exitCode, output } = await failToStart([...APP, '--port', port]);
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `Port ${port} on 127.0.0.1 is in use. Stop the other process, or choose another port (--port`,
  );
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the host with exit code 0', async (signal) => {
  const other = await startHostProcess([...APP, '--port', '0']);
  expect(await other.kill(signal)).toBe(0);
});
