/** The present instant. A port, so that the whole system can run under a fixed clock. */
export type Clock = () => Date;
