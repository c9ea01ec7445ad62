/** Tests order how the next matching operation ends: failed with a code, or later than usual. */
import { z } from 'zod';

export const operationOrderSchema = z.strictObject({
  /** Regular expression over `<method> <path>` of the call that starts the operation, ignoring case. */
  match: z.string().max(500).refine(isPattern, 'is no regular expression'),
  fail: z.strictObject({ code: z.string().max(100), message: z.string().max(2000) }).optional(),
  delayMs: z.int().min(0).max(3_600_000).optional(),
  times: z.int().min(1).max(1000).default(1),
});

export type OperationOrder = z.output<typeof operationOrderSchema>;

/** Holds the orders; each is used `times` times, in the order in which they came. */
export class OperationOrders {
  #waiting: { readonly order: OperationOrder; readonly pattern: RegExp; left: number }[] = [];

  add(input: z.input<typeof operationOrderSchema>): void {
    const order = operationOrderSchema.parse(input);
    this.#waiting.push({ order, pattern: new RegExp(order.match, 'i'), left: order.times });
  }

  take(title: string): OperationOrder | undefined {
    const found = this.#waiting.find(({ pattern }) => pattern.test(title));
    if (!found) return undefined;
    found.left -= 1;
    this.#waiting = this.#waiting.filter(({ left }) => left > 0);
    return found.order;
  }

  clear(): void {
    this.#waiting = [];
  }
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) !== undefined;
  } catch {
    return false;
  }
}
