/** Calls the app as the outside world does: its HTTP API, its Event Grid webhook, and the host's Durable management API. */
import type { TokenGrant, Tokens } from '../../../src/ports/tokens.ts';

const TIMEOUT_MS = 20_000;
const TOKEN_LIFE_MS = 600_000;

/** Subject of the operator's tokens. */
export const OPERATOR = 'ada';

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: ReplyBody | undefined;
}

/** What the scenarios read of a reply. */
export interface ReplyBody {
  readonly rolloutId?: string;
  readonly started?: boolean;
  readonly rollouts?: readonly { readonly rolloutId: string }[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly { readonly path: string; readonly message: string }[];
  };
}

export interface CallOptions {
  readonly body?: unknown;
  /** Sent as it is instead of `body`. */
  readonly text?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AppApi {
  call(method: 'GET' | 'POST', path: string, options?: CallOptions): Promise<Reply>;
  /** The same with a valid operator token. */
  operate(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply>;
  /** Delivers to the app's webhook as Event Grid does. */
  deliver(event: unknown): Promise<Reply>;
  /** Paths below the Durable management API of the host, for example `/instances/x/terminate`. */
  manage(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply>;
}

export function createAppApi(appUrl: string, tokens: Tokens): AppApi {
  const call: AppApi['call'] = async (method, path, { body, text, token, headers } = {}) => {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const reply = await fetch(`${appUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return replyOf(reply.status, await reply.text());
  };
  return {
    call,
    operate: async (method, path, body) =>
      call(method, path, { body, token: await mintToken(tokens, { kind: 'operator', scopes: ['read', 'operate'] }) }),
    deliver: (event) =>
      call('POST', '/runtime/webhooks/EventGrid?functionName=onModelRegistered', {
        body: [event],
        headers: { 'aeg-event-type': 'Notification' },
      }),
    manage: (method, path, body) => call(method, `/runtime/webhooks/durabletask${path}`, { body }),
  };
}

export function mintToken(
  tokens: Tokens,
  grant: TokenGrant,
  expiresAtMs = Date.now() + TOKEN_LIFE_MS,
): Promise<string> {
  return tokens.mint({ subject: OPERATOR, grant, expiresAtMs });
}

function replyOf(status: number, text: string): Reply {
  try {
    return { status, text, body: JSON.parse(text) };
  } catch {
    return { status, text, body: undefined };
  }
}
