/** Mints an operator token: `npm run --silent token -- --subject ada --scope operate --ttl 8h`. */

import { parseArgs } from 'node:util';
import { createTokens } from '../adapters/tokens/create-tokens.ts';
import { parseDurationMs } from '../config/duration.ts';
import { messageOf } from '../domain/message-of.ts';

const HELP = `Mints a signed operator token for Slipway's HTTP API and prints it.

  --subject <name>         who will use it; appears in the audit log (required)
  --scope read|operate     read: see rollouts; operate: also start and steer them (default: read)
  --ttl <duration>         30m, 8h, 7d (default: 8h, at most 30d)

The signing secret is read from the setting SLIPWAY_TOKEN_SECRET (base64url).`;
const MAX_TTL_MS = 30 * 86_400_000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      subject: { type: 'string' },
      scope: { type: 'string', default: 'read' },
      ttl: { type: 'string', default: '8h' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const secret = Buffer.from(process.env.SLIPWAY_TOKEN_SECRET ?? '', 'base64url');
  const ttlMs = parseDurationMs(values.ttl) ?? Number.NaN;
  const problems = [
    ...(values.subject ? [] : ['--subject is missing']),
    ...(['read', 'operate'].includes(values.scope) ? [] : [`--scope ${values.scope} is neither read nor operate`]),
    ...(ttlMs > 0 && ttlMs <= MAX_TTL_MS ? [] : [`--ttl ${values.ttl} is not a duration of at most 30d`]),
    ...(secret.byteLength >= 32 ? [] : ['SLIPWAY_TOKEN_SECRET is missing or has less than 32 bytes']),
  ];
  if (problems.length > 0) throw new Error(`${problems.join('; ')}. Try --help.`);
  const scopes = values.scope === 'operate' ? (['read', 'operate'] as const) : (['read'] as const);
  const claims = {
    subject: String(values.subject),
    grant: { kind: 'operator', scopes } as const,
    expiresAtMs: Date.now() + ttlMs,
  };
  console.log(await createTokens(secret).mint(claims));
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 2;
});
