/**
 * Finds the topic of an Event Grid output: by setting names for address and key, or by a connection whose address is
 * used with the app's identity (Functions documentation, "Azure Event Grid output binding").
 */
import { z } from 'zod';
import type { Binding } from '../seams/invocation.ts';
import { StartFailure } from '../seams/start-failure.ts';
import { settingsFile } from '../settings/connection.ts';
import type { Settings } from '../settings/local-settings.ts';
import { readConnection, readSetting } from '../settings/setting-references.ts';

const settingName = z.preprocess((value) => value || undefined, z.string().optional());
const bindingSchema = z
  .looseObject({ topicEndpointUri: settingName, topicKeySetting: settingName, connection: settingName })
  .refine(({ connection, topicEndpointUri, topicKeySetting }) => connection ?? (topicEndpointUri && topicKeySetting), {
    message: 'Name either the settings topicEndpointUri and topicKeySetting, or a connection',
  });

export interface EventGridTopic {
  readonly endpoint: string;
  /** Undefined: the app's identity is used. */
  readonly key: string | undefined;
}

/** Fails with the function and the setting that is missing or is no address. */
export function readEventGridTopic(functionName: string, binding: Binding, settings: Settings): EventGridTopic {
  const parsed = bindingSchema.safeParse(binding);
  if (!parsed.success) {
    const what = `The eventGrid binding of function ${functionName} is not valid:\n${z.prettifyError(parsed.error)}\n`;
    throw new StartFailure('binding', what, 'Correct it where the function is registered.');
  }
  const { connection, topicEndpointUri, topicKeySetting } = parsed.data;
  if (connection) {
    const name = `${connection}__topicEndpointUri`;
    const endpoint = readConnection(settings, name);
    return { endpoint: checkEndpoint(functionName, name, endpoint, settings), key: undefined };
  }
  const [endpointName, keyName] = [topicEndpointUri ?? '', topicKeySetting ?? ''];
  const endpoint = checkEndpoint(functionName, endpointName, readSetting(settings, endpointName), settings);
  const key = readSetting(settings, keyName);
  if (!key) throw missing(functionName, keyName, 'the key of its topic', settings);
  return { endpoint, key };
}

function checkEndpoint(functionName: string, name: string, value: string | undefined, settings: Settings): string {
  if (!value) throw missing(functionName, name, 'the address of its topic', settings);
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
  const what = `The setting ${name} of function ${functionName} is "${value}", which is no address of an Event Grid topic.`;
  throw new StartFailure(
    'connection-setting',
    what,
    'Write it as "https://<topic>.<region>.eventgrid.azure.net/api/events".',
  );
}

function missing(functionName: string, name: string, meaning: string, settings: Settings): StartFailure {
  const what = `Function ${functionName} has an eventGrid binding, but the setting ${name} with ${meaning} is missing.`;
  return new StartFailure(
    'connection-setting',
    what,
    `Add it to Values in ${settingsFile(settings)} or to the environment.`,
  );
}
