/** Types for set-up's modules: they are plain JavaScript, since they run before any package is installed. */

interface Step {
  readonly name: string;
  readonly isDone: () => Promise<boolean>;
  readonly run: () => Promise<void>;
}

interface SetupModules {
  'content-stamp': {
    hashInputs(texts: readonly string[], paths: readonly string[]): Promise<string>;
    isCurrent(stampPath: string, digest: string): Promise<boolean>;
    writeStamp(stampPath: string, digest: string): Promise<void>;
  };
  lock: { takeLock(path: string, onWait: (pid: number) => void, maxWaitMs?: number): Promise<() => void> };
  'npm-packages': { packagesMatch(wantedPath: string, installedPath: string): Promise<boolean> };
  'run-steps': {
    runSteps(steps: readonly Step[], write: (text: string) => void, nowMs?: () => number): Promise<number>;
  };
  'run-command': {
    runCommand(tool: { name: string; command: string; args: readonly string[] }): Promise<void>;
  };
  'demo-versions': {
    demoVersions: readonly { version: string; trainFrom: string; trainTo: string; variant?: string }[];
    replay: { from: string; to: string };
  };
}

export function loadSetup<Name extends keyof SetupModules>(name: Name): Promise<SetupModules[Name]> {
  return import(new URL(`../../../local/setup/${name}.mjs`, import.meta.url).href);
}
