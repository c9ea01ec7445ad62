/** A metrics request that is refused, with the status and code of the service. */
export class MetricsProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(message: string, status = 400, code = 'BadRequest') {
    super(message);
    this.name = 'MetricsProblem';
    this.status = status;
    this.code = code;
  }
}
