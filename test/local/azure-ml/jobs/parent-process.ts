/** Run as a process of its own: runs one command as a job does, and waits to be killed. */
import { createJobLauncher } from '../../../../local/azure-ml/jobs/launch/job-launcher.ts';

const [pythonPath = '', folder = '', command = ''] = process.argv.slice(2);
const launcher = createJobLauncher(pythonPath);
await launcher.run({ command, folder, environment: {}, logPath: `${folder}/log` }, new AbortController().signal);
