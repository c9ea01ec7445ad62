/** Run as a process of its own: starts one real model server, tells its address, and waits to be killed. */
import { createPythonLauncher } from '../../../../local/azure-ml/serving/process/python-launcher.ts';
import { specOf } from './serving-fixture.ts';

const [pythonPath = '', workFolder = '', codeFolder = ''] = process.argv.slice(2);
const launcher = createPythonLauncher(pythonPath, workFolder);
const { origin } = await launcher.launch(specOf('orphan', { codeFolder, modelFolder: workFolder }), (line) => {
  if (line.includes('Invoking user')) console.log(origin);
});
