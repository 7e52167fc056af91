/** The part of proper-lockfile 4 that is used here; the package has no types of its own. */
declare module 'proper-lockfile' {
  export interface LockOptions {
    /** Milliseconds without a refresh after which a lock counts as left behind. */
    readonly stale?: number
    /** Milliseconds between refreshes. */
    readonly update?: number
    /** False: the path need not exist. */
    readonly realpath?: boolean
    readonly lockfilePath?: string
    /** Called when the lock was lost to somebody else. */
    readonly onCompromised?: (error: Error) => void
  }
  /** Rejects with `code: 'ELOCKED'` when somebody holds the lock. */
  export function lock(file: string, options?: LockOptions): Promise<() => Promise<void>>
}
