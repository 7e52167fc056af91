/** What an installation is doing. */
export type EngineProgress =
  | { readonly phase: 'waiting' }
  | {
      readonly phase: 'downloading'
      readonly item: string
      readonly bytes: number
      readonly totalBytes: number
    }
  | { readonly phase: 'verifying' | 'unpacking' | 'compiling' | 'checking'; readonly item: string }

export type OnProgress = (progress: EngineProgress) => void
