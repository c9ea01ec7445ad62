/** Types for set-up's modules: they are plain JavaScript, since they run before any package is installed. */

export interface Step {
  readonly name: string;
  readonly needs: readonly string[];
  readonly expect: { readonly seconds: number; readonly megabytes: number };
  readonly isDone: () => Promise<boolean>;
  readonly run: () => Promise<void>;
}

export interface StepReport {
  begin(due: readonly Step[], all: number): void;
  started(step: Step): void;
  ended(step: Step): void;
}

interface DemoModel {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly variant?: string;
}

interface SetupModules {
  'content-stamp': {
    hashInputs(texts: readonly string[], paths: readonly string[]): Promise<string>;
    isCurrent(stampPath: string, digest: string): Promise<boolean>;
    writeStamp(stampPath: string, digest: string): Promise<void>;
  };
  goals: {
    GOALS: Readonly<Record<string, { steps(python: { command: string; version: string }): readonly Step[] }>>;
  };
  lock: { takeLock(path: string, onWait: (pid: number) => void, maxWaitMs?: number): Promise<() => void> };
  'npm-packages': { packagesMatch(wantedPath: string, installedPath: string): Promise<boolean> };
  'run-steps': {
    runSteps(steps: readonly Step[], report: StepReport, stopRunning?: () => void): Promise<number>;
  };
  'step-report': {
    createStepReport(
      output: { isTTY?: boolean; write(text: string): unknown },
      nowMs: () => number,
    ): StepReport & { close(): void };
  };
  'run-command': {
    runCommand(tool: { name: string; command: string; args: readonly string[] }): Promise<void>;
  };
  'demo-data': {
    demoModels: readonly DemoModel[];
    demoRows: readonly { name: string; from: string; to: string }[];
    FIRST_STORY: { models: readonly string[]; rows: readonly string[] };
  };
}

export function loadSetup<Name extends keyof SetupModules>(name: Name): Promise<SetupModules[Name]> {
  return import(new URL(`../../../local/setup/${name}.mjs`, import.meta.url).href);
}
