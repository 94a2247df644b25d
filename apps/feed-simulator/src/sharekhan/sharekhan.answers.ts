import type { FastifyReply } from 'fastify';
import type { AnswerFault } from './sharekhan.faults';
import { shareKhanTime } from './sharekhan.rows';

/** An answer in ShareKhan's envelope. */
export interface Answer {
  status: number;
  message: string;
  data?: unknown;
}

export function send(reply: FastifyReply, { status, message, data }: Answer): void {
  void reply
    .status(status)
    .send({ status, message, timestamp: shareKhanTime(Date.now()), ...(data !== undefined && { data }) });
}

export function deny(reply: FastifyReply): void {
  void reply.status(403).send({ status: 403, message: 'error', errorType: 'Access Denied' });
}

const BAD_ORDER_IDS = ['0', 'NA', 'null', null];
let badOrderIds = 0;

/** Answers as the fault wants it. */
export function spoil(reply: FastifyReply, { how }: AnswerFault): void {
  switch (how) {
    case 'silence':
      reply.hijack();
      break;
    case 'cut':
      reply.hijack();
      reply.raw.destroy();
      break;
    case 'server-error':
      send(reply, { status: 500, message: 'Order service failed' });
      break;
    case 'bad-gateway':
      send(reply, { status: 502, message: 'Bad gateway' });
      break;
    case 'unreadable':
      void reply.status(200).type('text/html').send('<html><body>Please try again</body></html>');
      break;
    case 'throttle':
      send(reply, { status: 429, message: 'Too many requests' });
      break;
    case 'access-denied':
      deny(reply);
      break;
    case 'bad-order-id':
      send(reply, {
        status: 200,
        message: 'order',
        data: {
          orderId: BAD_ORDER_IDS[badOrderIds++ % BAD_ORDER_IDS.length],
          orderStatus: 'Rejected',
          errormsg: 'Insufficient limits',
        },
      });
      break;
  }
}

/** Faults with which the vendor says that it did nothing. */
export function isRefusal({ how }: AnswerFault): boolean {
  return how === 'throttle' || how === 'access-denied' || how === 'bad-order-id';
}
