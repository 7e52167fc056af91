import type { SigningKey } from '@mate-bench/harness/signing'
import type { ArtifactStore, Db, Launcher, RateLimit, TokenRecord } from '@mate-bench/store'
import type { TrustedProxy } from './middleware/client-address.ts'

/** What the API may ask of one client. */
export interface ApiLimits {
  /** Changes by one token. */
  readonly perToken: RateLimit
  /** Requests that change something, by one address: bounds the guessing of tokens too. */
  readonly perAddress: RateLimit
  readonly bodyBytes: number
  /** Multiply-accumulates of all training and evaluation of one submission. */
  readonly macsPerSubmission: number
  /** Bytes that one run of a submission may hold while it trains, as a plan reckons them. */
  readonly bytesPerRun: number
}

/** Everything that the API needs from outside, so that a test can bring its own. */
export interface ApiDependencies {
  /** Opened with the first request, so that the API can say that it could not be. */
  readonly db: () => Promise<Db>
  readonly artifacts: () => Promise<ArtifactStore>
  readonly launcher: Launcher
  /** Signs the heads of the ledger; without one they are served unsigned. */
  readonly signingKey?: (() => Promise<SigningKey | undefined>) | undefined
  /** Host under which people know the site, for tokens to be bound at. Where it is not set they are bound on this machine alone. */
  readonly siteHost?: string | undefined
  readonly clock: () => Date
  readonly limits: ApiLimits
  readonly trustedProxy: TrustedProxy
  /** Told what went wrong inside; answers say no more than that it did. */
  readonly onError: (error: unknown) => void
}

/** What middleware hands on to handlers. */
export interface ApiEnv {
  Variables: {
    token: TokenRecord
    /** The request's body as it came. */
    body: Uint8Array
  }
}
