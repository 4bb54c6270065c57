/** One line of a module's change feed. */
export interface Change {
  /** 1, 2, 3 … per module, in the order in which changes became visible. */
  readonly n: number;
  readonly tipo: string;
  readonly id: string;
  readonly version: number;
  /** The `X-Request-Id` behind it. */
  readonly correlacion: string;
  readonly en: Date;
}

/**
 * A module's changes in order. Whoever follows `n` never misses one: when n is visible, so is every smaller one that
 * was not pruned. Lines of one aggregate come in the order of its versions.
 */
export interface Feed {
  /** At most `limit` changes after `after`, ascending; also those committed just before the call. */
  read(after: number, limit: number): Promise<Change[]>;
  /** The newest number, and the oldest that is still kept (0 when there is none). */
  bounds(): Promise<{ primero: number; ultimo: number }>;
  /** Resolves when there may be something after `after`, after `ms`, or when `signal` aborts. */
  wait(after: number, ms: number, signal?: AbortSignal): Promise<void>;
  /** Something was committed in this process: look at once. */
  wake(): void;
}
