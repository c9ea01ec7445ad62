/** Names why a deployment did not start, from what its server wrote before it ended. */
import type { StartOutcome } from '../../seams/serving-plane.ts';

export type StartFailure = Extract<StartOutcome, { ok: false }>;

const SHOWN_LINES = 20;

/**
 * Codes: "Troubleshoot online endpoints deployment" (docs of Azure Machine Learning); the texts are those that
 * azureml-inference-server-http 1.5.1 logs. The first that matches decides.
 */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/does not have a (init|run)\(\) function/, 'UserScriptFunctionNotFound'],
  [/UserScriptImportException/, 'UserScriptImportError'],
  [/User's init function failed/, 'UserScriptInitFailed'],
];

/** The server ended by itself before it was ready. */
export function endedBeforeReady(instanceName: string, ending: string, lines: readonly string[]): StartFailure {
  const text = lines.join('\n');
  const code = CAUSES.find(([pattern]) => pattern.test(text))?.[1] ?? 'ResourceNotReady';
  return {
    ok: false,
    code,
    message: `The model server of ${instanceName} ended before it was ready (${ending}). ${lastLines(lines)}`,
  };
}

export function neverReady(instanceName: string, failures: number, lines: readonly string[]): StartFailure {
  const probes = `${failures} readiness probe${failures === 1 ? '' : 's'} (GET /)`;
  return {
    ok: false,
    code: 'ResourceNotReady',
    message: `The model server of ${instanceName} runs but did not become ready: ${probes} failed. ${lastLines(lines)}`,
  };
}

export function notLaunched(instanceName: string, cause: unknown): StartFailure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return { ok: false, code: 'ResourceNotReady', message: `${instanceName} could not be started: ${reason}` };
}

export function startCanceled(instanceName: string): StartFailure {
  return { ok: false, code: 'OperationCanceled', message: `The start of ${instanceName} was canceled.` };
}

function lastLines(lines: readonly string[]): string {
  if (lines.length === 0) return 'It wrote nothing.';
  return `Its last log lines:\n${lines.slice(-SHOWN_LINES).join('\n')}`;
}
