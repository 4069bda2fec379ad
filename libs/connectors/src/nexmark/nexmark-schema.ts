import { bigintType, intType, textType } from '@weir/columnar/sql-type.ts';
import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';

const millis: SqlType = { kind: 'timestamp', precision: 3, zoned: false };
const field = (name: string, type: SqlType, nullable = false): Field => ({ name, type, nullable });

const personType: SqlType = {
  kind: 'struct',
  fields: [
    field('id', bigintType),
    field('name', textType),
    field('email_address', textType),
    field('credit_card', textType),
    field('city', textType),
    field('state', textType),
    field('datetime', millis),
    field('extra', textType),
  ],
};

const auctionType: SqlType = {
  kind: 'struct',
  fields: [
    field('id', bigintType),
    field('item_name', textType),
    field('description', textType),
    field('initial_bid', bigintType),
    field('reserve', bigintType),
    field('datetime', millis),
    field('expires', millis),
    field('seller', bigintType),
    field('category', bigintType),
    field('extra', textType),
  ],
};

export const bidType: SqlType = {
  kind: 'struct',
  fields: [
    field('auction', bigintType),
    field('bidder', bigintType),
    field('price', bigintType),
    field('channel', textType),
    field('url', textType),
    field('datetime', millis),
    field('extra', textType),
  ],
};

/** Exactly one of person, auction and bid is not NULL; `event_type` says which (0, 1, 2), `datetime` is its event time. */
export const nexmarkSchema: Schema = {
  fields: [
    field('event_type', intType),
    field('person', personType, true),
    field('auction', auctionType, true),
    field('bid', bidType, true),
    field('datetime', millis),
  ],
};
