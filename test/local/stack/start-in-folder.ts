/** Child process of the stack test: tries to start a stack in argv[2]. */
import { startStack } from '../../../local/stack/start-stack.ts';

await startStack({ stateFolder: process.argv[2] ?? '', withHost: false });
