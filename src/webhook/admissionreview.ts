/** What the API server asks an admission webhook, and what it is answered (admission.k8s.io/v1). */
import { z } from 'zod';

const Request = z.object({
  uid: z.string(),
  operation: z.enum(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']),
  /** Absent for DELETE. */
  object: z.unknown().optional(),
});

const AdmissionReview = z.object({
  apiVersion: z.string(),
  kind: z.literal('AdmissionReview'),
  request: Request,
});

export type AdmissionReview = z.output<typeof AdmissionReview>;

export interface Verdict {
  /** Any of them refuses the write. */
  readonly errors: readonly string[];
  /** Shown to the person who writes. */
  readonly warnings: readonly string[];
}

/** @throws Error for anything but a review */
export function parseReview(body: string): AdmissionReview {
  const parsed = AdmissionReview.safeParse(JSON.parse(body));
  if (!parsed.success) throw new Error('the body is not an AdmissionReview');
  return parsed.data;
}

/** In the version that was asked in; errors are joined by newlines, as ESO's. */
export function answerReview({ apiVersion, request }: AdmissionReview, { errors, warnings }: Verdict): object {
  const isAllowed = errors.length === 0;
  return {
    apiVersion,
    kind: 'AdmissionReview',
    response: {
      uid: request.uid,
      allowed: isAllowed,
      ...(!isAllowed && { status: { code: 403, reason: 'Forbidden', message: errors.join('\n') } }),
      ...(warnings.length > 0 && { warnings: warnings.map(shortened) }),
    },
  };
}

/** The API server cuts all warnings of an answer when they are longer than a few kilobytes together. */
function shortened(warning: string): string {
  return warning.length <= maxWarningLength ? warning : `${warning.slice(0, maxWarningLength - 1)}…`;
}

const maxWarningLength = 256;
