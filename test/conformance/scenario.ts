/** Runs one small orchestration on the real engine in virtual time and says what can be seen of it from outside. */
import type { OrchestrationHandler } from 'durable-functions';
import { df, sdkInvoker } from '../local/functions-host/durable/harness/core-module.ts';
import { World } from '../local/functions-host/durable/harness/virtual-world.ts';

export interface ConformanceCase {
  /** The public suite that states the case. */
  readonly source: 'recorded histories' | 'host suite';
  readonly name: string;
  readonly expected: unknown;
  readonly run: () => Promise<unknown>;
}

export function recorded(name: string, expected: unknown, run: () => Promise<unknown>): ConformanceCase {
  return { source: 'recorded histories', name, expected, run };
}

export function hostSuite(name: string, expected: unknown, run: () => Promise<unknown>): ConformanceCase {
  return { source: 'host suite', name, expected, run };
}

let registered = 0;

/** A name of its own for each orchestrator, since an app may register a name once only. */
export function orchestrator(handler: OrchestrationHandler): string {
  registered += 1;
  const name = `case${registered}`;
  df.app.orchestration(name, handler);
  return name;
}

export interface Seen {
  readonly status: string;
  readonly output: unknown;
}

/** Starts it, lets `drive` do what a user would, and reads the instance's state. */
export async function live(
  handler: OrchestrationHandler,
  input?: unknown,
  drive: (world: World) => Promise<unknown> = async () => {},
): Promise<Seen> {
  return (await watch(handler, input, drive)).seen;
}

/** As `live`, with the history's outline: event types and their ids, without the markers of turns. */
export async function outlined(
  handler: OrchestrationHandler,
  input?: unknown,
  drive: (world: World) => Promise<unknown> = async () => {},
): Promise<Seen & { readonly events: readonly string[] }> {
  const { seen, world } = await watch(handler, input, drive);
  const events = (await world.outline()).filter((event) => !/^(Orchestrator|Execution)/.test(event));
  return { ...seen, events };
}

async function watch(handler: OrchestrationHandler, input: unknown, drive: (world: World) => Promise<unknown>) {
  // Before the world: a host knows the functions that were there when it started.
  const name = orchestrator(handler);
  const world = await newWorld();
  await world.begin(name, input);
  await drive(world);
  const { runtimeStatus, output } = await world.status();
  await world.host.stop();
  return { world, seen: { status: runtimeStatus, output } };
}

export function newWorld(): Promise<World> {
  return new World(sdkInvoker).start();
}

const HOUR_MS = 3_600_000;

export function inHours(context: { df: { currentUtcDateTime: Date } }, hours: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + hours * HOUR_MS);
}

export const passHours = (hours: number) => (world: World) => world.advance(hours * HOUR_MS);

/** The name that the case's orchestrator happens to have is of no interest. */
export function withoutName(output: unknown): string {
  return String(output).replaceAll(/'case\d+'/g, "'it'");
}
