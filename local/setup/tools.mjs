/** Finds the tools that set-up cannot install itself; every missing one is named with the way to get it. */
import { spawnSync } from 'node:child_process';
import { SetupError } from './run-command.mjs';

const MIN_NODE_MAJOR = 20;
const MIN_PYTHON_MINOR = 11;
const PYTHON_NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
const PYTHON_PROBE = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])';

/**
 * Returns the Python to make virtual environments with, when the goal needs one.
 * Fails with one message that lists all that is missing.
 */
export function checkTools({ python: needsPython }) {
  const python = needsPython ? findPython() : undefined;
  const missing = [
    nodeProblem(process.versions.node),
    answers('npm', ['--version'])
      ? undefined
      : 'npm is missing: it comes with Node.js, https://nodejs.org/en/download.',
    needsPython && !python ? pythonProblem() : undefined,
  ].filter(Boolean);
  if (missing.length > 0) throw new SetupError(`Set-up needs tools that are not here:\n- ${missing.join('\n- ')}`);
  return python;
}

function nodeProblem(version) {
  if (Number(version.split('.')[0]) >= MIN_NODE_MAJOR) return undefined;
  return `Node.js ${MIN_NODE_MAJOR} or newer is missing (this is ${version}): https://nodejs.org/en/download.`;
}

function findPython() {
  for (const command of PYTHON_NAMES) {
    const version = answers(command, ['-c', PYTHON_PROBE]);
    const [major, minor] = (version ?? '0.0').split('.').map(Number);
    if (version && major === 3 && minor >= MIN_PYTHON_MINOR) return { command, version };
  }
  return undefined;
}

function pythonProblem() {
  return (
    `Python 3.${MIN_PYTHON_MINOR} or newer with its venv module is missing (tried ${PYTHON_NAMES.join(', ')}): ` +
    'Debian and Ubuntu `sudo apt install python3 python3-venv`, macOS `brew install python`, else https://www.python.org/downloads.'
  );
}

/** The tool's output when it runs and ends well. */
function answers(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: 30_000 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}
