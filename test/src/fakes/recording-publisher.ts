/** An event topic in memory; it can be told to fail. */
import type { EventPublisher, OutgoingEvent } from '../../../src/ports/events.ts';

export class RecordingPublisher implements EventPublisher {
  readonly published: OutgoingEvent[] = [];
  failures = 0;

  async publish(event: OutgoingEvent): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('The topic is away.');
    }
    this.published.push(event);
  }
}
