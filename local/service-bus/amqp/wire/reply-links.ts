/** The links of one connection on which answers go back, by the names that requests give as reply-to. */
import type { Message, Sender } from 'rhea';

export class ReplyLinks {
  readonly #links = new Map<string, Sender>();

  add(sender: Sender): void {
    this.#links.set(sender.name, sender);
    sender.on('sender_close', () => this.#links.delete(sender.name));
  }

  /** Answers a request; without a link of that name the answer has no way and is dropped. */
  reply(request: Message, answer: Pick<Message, 'application_properties' | 'body'>): void {
    const { message_id, reply_to } = request;
    const link = this.#links.get(reply_to ?? '');
    if (!link || message_id === undefined) return;
    const delivery = link.send({ ...answer, correlation_id: message_id });
    delivery.update(true);
  }
}
