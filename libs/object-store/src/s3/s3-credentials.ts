import { StoreUnavailable } from '../store-errors.ts';
import type { Environment } from './s3-address.ts';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Gives the credentials of now; `forceRefresh` when the server has said that they are expired. */
export type S3CredentialSource = (options: { readonly forceRefresh: boolean }) => Promise<S3Credentials>;

/**
 * The AWS SDK's chain: environment variables, profiles and SSO, a web identity (Kubernetes), the container's or machine's role.
 * Loaded when the first request needs it, and not at all when the environment holds keys.
 */
export function standardCredentials(environment: Environment, url: string): S3CredentialSource {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (accessKeyId && secretAccessKey) {
    const fixed = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
    return () => Promise.resolve(fixed);
  }
  let chain: Promise<S3CredentialSource> | undefined;
  return async (options) => {
    try {
      chain ??= loadChain();
      return await (
        await chain
      )(options);
    } catch (cause) {
      throw new StoreUnavailable(`no AWS credentials for ${url}`, {
        cause,
        hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role',
        // A role's server may be away for a moment; without any source of credentials it stays like this.
        disposition: isAbsence(cause) ? 'fatal' : 'retry',
      });
    }
  };
}

async function loadChain(): Promise<S3CredentialSource> {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const provider = defaultProvider();
  return ({ forceRefresh }) => provider({ forceRefresh });
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && /could not load credentials from any providers/i.test(error.message);
}
