/** Reads the rules of a subscription; refuses what this broker does not evaluate rather than matching wrongly. */
import { z } from 'zod';
import type { SubscriptionRule } from '../core/correlation-filter.ts';

const text = z.string().max(128).optional();

const correlationFilterSchema = z
  .strictObject({
    ContentType: text,
    CorrelationId: text,
    Label: text,
    MessageId: text,
    ReplyTo: text,
    ReplyToSessionId: text,
    SessionId: text,
    To: text,
    Properties: z.record(z.string().max(128), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .refine((filter) => Object.keys(filter).length > 0, {
    error: 'An empty correlation filter is refused. Leave out Rules to subscribe to every message.',
  });

export const ruleSchema = z
  .looseObject({
    Name: z.string().min(1).max(50),
    Properties: z.looseObject({
      FilterType: z.literal('Correlation', {
        error: (issue) =>
          `The filter type ${JSON.stringify(issue.input)} is not supported: this broker evaluates Correlation filters ` +
          'only, no SQL filters. Leave out Rules to subscribe to every message.',
      }),
      CorrelationFilter: correlationFilterSchema,
      Action: z.undefined({ error: 'Rule actions are not supported: this broker does not evaluate SQL.' }).optional(),
    }),
  })
  .transform(
    ({ Properties: { CorrelationFilter: filter } }): SubscriptionRule => ({
      type: 'correlation',
      contentType: filter.ContentType,
      correlationId: filter.CorrelationId,
      label: filter.Label,
      messageId: filter.MessageId,
      replyTo: filter.ReplyTo,
      replyToSessionId: filter.ReplyToSessionId,
      sessionId: filter.SessionId,
      to: filter.To,
      applicationProperties: filter.Properties ?? {},
    }),
  );
