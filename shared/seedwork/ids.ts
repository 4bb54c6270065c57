/** Makes ids that sort by time (UUIDv7 in production); a port, so that tests can seed it. */
export type NewId = () => string;

/** The shape of every id of the wire contract (section 2). */
export const ID_PATTERN = /^[A-Za-z0-9._:~-]{1,255}$/;
