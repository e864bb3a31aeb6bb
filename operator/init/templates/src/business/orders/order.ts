import { z } from 'zod';

/** What a caller sends. A route refuses any other body with 400 and says what is wrong with it. */
export const newOrderSchema = z.object({
  item: z.string().min(1).max(100),
  quantity: z.int().min(1).max(1_000),
});
export type NewOrder = z.infer<typeof newOrderSchema>;

/** An accepted order. Its id is the same in the answer to the caller, in every message and at the partner. */
export const orderSchema = newOrderSchema.extend({ orderId: z.uuid() });
export type Order = z.infer<typeof orderSchema>;
