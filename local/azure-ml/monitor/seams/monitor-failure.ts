/** Why a monitor run or one of its signals could not be computed: a sentence for the run's error. */
export class MonitorFailure extends Error {
  override readonly name = 'MonitorFailure';
}
