import { customType, timestamp } from 'drizzle-orm/pg-core'

/** Raw bytes. Every driver takes a Buffer and gives one. */
export const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (bytes) => Buffer.from(bytes),
  fromDriver: (buffer) => new Uint8Array(buffer),
})

/** A point in time to the millisecond: what a JavaScript Date holds, so that it comes back as it went in. */
export const instant = (name: string) => timestamp(name, { mode: 'date', precision: 3, withTimezone: true })
