/** Chooses the messages that a look without locking shows: in order of number, of one session or all. */
import type { StoredMessage } from './broker-message.ts';

export interface PeekRequest {
  readonly fromSequenceNumber: number;
  readonly maxCount: number;
  readonly maxBytes: number;
  readonly sessionId?: string | undefined;
}

/** At least one message where any matches, however large it is. */
export function peekMessages(messages: readonly StoredMessage[], request: PeekRequest): StoredMessage[] {
  const { fromSequenceNumber, sessionId } = request;
  const matching = messages
    .filter((stored) => stored.sequenceNumber >= fromSequenceNumber)
    .filter((stored) => sessionId === undefined || stored.message.sessionId === sessionId)
    .sort((left, right) => left.sequenceNumber - right.sequenceNumber)
    .slice(0, request.maxCount);
  let bytes = 0;
  return matching.filter((stored, index) => {
    bytes += stored.message.sizeBytes;
    return index === 0 || bytes <= request.maxBytes;
  });
}
