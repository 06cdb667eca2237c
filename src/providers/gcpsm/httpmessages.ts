/** What is sent to Google and what comes back, whole. */

export interface HttpRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | undefined;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; the first where one came several times. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}
