/** The memory store keeps the store's promises. */
import { describe } from 'vitest';
import { MemoryStore } from '../../../../../local/functions-host/durable/store/memory-store.ts';
import { taskHubStoreContract } from './task-hub-store.contract.ts';

const store = new MemoryStore();

describe('memory store', () => taskHubStoreContract(() => store));
