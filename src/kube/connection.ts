/** How to reach one cluster and who to be there. Where that comes from is the business of `config.ts`. */

export interface ClusterConnection {
  /** May have a path in front of `/api`, as behind Rancher. */
  readonly server: URL;
  /** The namespace of the kubeconfig's context, or the pod's own; `default` when neither says. */
  readonly namespace: string;
  readonly proxyUrl?: string | undefined;
  /** Sent with every request: impersonation. */
  readonly headers?: readonly Header[];
  /** Asked for with every new connection, so that rotated files are taken up. */
  tls(): Promise<TlsMaterial>;
  /** The `Authorization` header; asked for with every request, so a promise only when something must be fetched. */
  authorization(): string | undefined | Promise<string | undefined>;
  /** The server answered 401: whatever is remembered of the credentials is worthless. */
  credentialsRefused(): void;
}

export type Header = readonly [name: string, value: string];

/** PEM, as text. */
export interface TlsMaterial {
  /** Absent: the certificate authorities that Node.js trusts. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name that the server's certificate must carry; absent: the host of the URL. */
  readonly serverName?: string | undefined;
  readonly skipVerify?: boolean;
}
