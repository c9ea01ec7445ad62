/** Words of Azure ML's provisioning states, as far as activities act on them. */

/** An operation runs: nothing can be written now, and what is read may be about to change. */
export function isChanging(provisioningState: string): boolean {
  return !isSettled(provisioningState) && !isBroken(provisioningState);
}

export function isSettled(provisioningState: string): boolean {
  return provisioningState === 'Succeeded';
}

/** The last operation failed; reading and writing are possible. */
export function isBroken(provisioningState: string): boolean {
  return provisioningState === 'Failed' || provisioningState === 'Canceled';
}
