/** Replaces run ids in MLflow's JSON: job names become MLflow's ids on the way in, and the other way round on the way out. */

const RUN_MEMBERS: ReadonlySet<string> = new Set(['run_id', 'run_uuid']);

type Json = unknown;

/** All values of run id members, each once. */
export function runIdsIn(body: Json): readonly string[] {
  const found = new Set<string>();
  walk(body, (member, value) => {
    if (RUN_MEMBERS.has(member) && typeof value === 'string') found.add(value);
    return value;
  });
  return [...found];
}

/** A copy with every run id replaced that `rename` knows. */
export function withRunIds(body: Json, rename: (runId: string) => string | undefined): Json {
  return walk(body, (member, value) =>
    RUN_MEMBERS.has(member) && typeof value === 'string' ? (rename(value) ?? value) : value,
  );
}

/** A copy in which the artefact address of each run that `addressOf` knows is replaced; run ids are job names already. */
export function withArtifactUris(body: Json, addressOf: (jobName: string) => string | undefined): Json {
  if (Array.isArray(body)) return body.map((item) => withArtifactUris(item, addressOf));
  if (typeof body !== 'object' || body === null) return body;
  const entries = Object.entries(body).map(([member, value]) => [member, withArtifactUris(value, addressOf)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  const address = typeof copy.run_id === 'string' && 'artifact_uri' in copy ? addressOf(copy.run_id) : undefined;
  return address === undefined ? copy : { ...copy, artifact_uri: address };
}

function walk(body: Json, change: (member: string, value: Json) => Json): Json {
  if (Array.isArray(body)) return body.map((item) => walk(item, change));
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([member, value]) => {
      const changed = change(member, value);
      return [member, changed === value ? walk(value, change) : changed];
    }),
  );
}
