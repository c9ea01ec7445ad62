/**
 * Control endpoint of every emulator (`/_control`): tests order faults for the next calls and list the calls seen.
 *
 * 1. A fault applies to calls that match its method and path pattern, in the order the faults were added.
 * 2. A fault is used `times` times, then forgotten. Calls to `/_control` itself never match and are not listed.
 * 3. At most MAX_CALLS calls are remembered, oldest dropped first.
 *
 *   POST   /_control/faults  {"match":{"method":"PUT","path":"/deployments/"},"action":{"type":"fail","status":500},"times":1}
 *   GET    /_control/calls   [{"atMs","method","url","status"}]
 *   DELETE /_control         forgets faults and calls
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Clock, sleep } from './clock.ts';

const MAX_CALLS = 10_000;

const faultSchema = z.strictObject({
  match: z.strictObject({
    method: z.string().optional(),
    path: z.string().max(500).refine(isPattern, { error: 'The path must be a regular expression.' }),
  }),
  action: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('fail'),
      status: z.int().min(400).max(599),
      body: z.unknown().optional(),
      headers: z.record(z.string(), z.string()).optional(),
    }),
    z.strictObject({ type: z.literal('delay'), delayMs: z.int().min(0).max(600_000) }),
    /** Executes the call but answers with a failure: the caller cannot know that it worked. */
    z.strictObject({ type: z.literal('loseReply') }),
    /** Never answers; the caller's own time-out ends it. */
    z.strictObject({ type: z.literal('hang') }),
    /** Cuts the connection without an answer. */
    z.strictObject({ type: z.literal('drop') }),
  ]),
  times: z.int().min(1).max(1000).default(1),
});

function isPattern(path: string): boolean {
  try {
    new RegExp(path);
    return true;
  } catch {
    return false;
  }
}

export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export interface SeenCall {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

interface ArmedFault {
  readonly fault: Fault;
  readonly path: RegExp;
  left: number;
}

/** Holds the armed faults and the calls seen of one emulator. */
export class FaultControl {
  readonly #armed: ArmedFault[] = [];
  readonly #calls: SeenCall[] = [];

  arm(input: FaultInput): void {
    const fault = faultSchema.parse(input);
    this.#armed.push({ fault, path: new RegExp(fault.match.path, 'i'), left: fault.times });
  }

  calls(): readonly SeenCall[] {
    return this.#calls;
  }

  reset(): void {
    this.#armed.length = 0;
    this.#calls.length = 0;
  }

  record(call: SeenCall): void {
    if (this.#calls.push(call) > MAX_CALLS) this.#calls.shift();
  }

  take(method: string, url: string): Fault['action'] | undefined {
    const index = this.#armed.findIndex(
      ({ fault, path }) => (!fault.match.method || fault.match.method === method) && path.test(url),
    );
    const armed = this.#armed[index];
    if (!armed) return undefined;
    armed.left -= 1;
    if (armed.left === 0) this.#armed.splice(index, 1);
    return armed.fault.action;
  }
}

/** Installs the control routes and applies armed faults to every other call of `app`. */
export function installFaultControl(app: FastifyInstance, control: FaultControl, clock: Clock): void {
  app.post('/_control/faults', async (request, reply) => {
    const fault = faultSchema.safeParse(request.body);
    if (!fault.success)
      return reply.code(400).send({ error: { code: 'BadRequest', message: z.prettifyError(fault.error) } });
    control.arm(fault.data);
    return reply.code(201).send({});
  });
  app.get('/_control/calls', async () => control.calls());
  app.delete('/_control', async (_request, reply) => {
    control.reset();
    return reply.code(204).send();
  });
  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request)) return;
    const action = control.take(request.method, request.url);
    if (action) await applyBefore(action, request, reply, clock);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!losesReply.has(request)) return payload;
    reply.raw.destroy();
    return payload;
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isControl(request)) return;
    control.record({ atMs: clock.nowMs(), method: request.method, url: request.url, status: reply.statusCode });
  });
}

const losesReply = new WeakSet<FastifyRequest>();

function isControl(request: FastifyRequest): boolean {
  return request.url.startsWith('/_control');
}

async function applyBefore(action: Fault['action'], request: FastifyRequest, reply: FastifyReply, clock: Clock) {
  switch (action.type) {
    case 'fail':
      return reply
        .code(action.status)
        .headers(action.headers ?? {})
        .send(action.body ?? { error: { code: 'InjectedFault', message: 'This failure was ordered by a test.' } });
    case 'delay':
      return sleep(clock, action.delayMs);
    case 'loseReply':
      losesReply.add(request);
      return undefined;
    case 'hang':
      return reply.hijack();
    case 'drop':
      request.raw.socket.destroy();
      return reply.hijack();
  }
}
