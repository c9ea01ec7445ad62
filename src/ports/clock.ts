/** The clock of activities and functions; orchestrators use their context's time instead. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
}
