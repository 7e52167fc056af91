'use client'

import type { ErrorInfo } from 'next/error'
import { errorDigest } from './error-digest.ts'

/** Where a page fails, within the site's frame. The message stays on the server; the digest finds it in its log. */
export default function PageError({ error, retry }: ErrorInfo) {
  const digest = errorDigest(error)
  return (
    <div className="prose">
      <title>Something failed | MATE Bench</title>
      <h1>This page could not be loaded</h1>
      <p role="alert">
        The server failed to produce this page; most likely it cannot reach its database at the moment.
        Nothing published has been lost.
      </p>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <button type="button" className="button button-primary" onClick={retry}>
          Try again
        </button>
        <a className="link" href="/">
          Go to the board
        </a>
        <a className="link" href="/api/v1/ready">
          Server status
        </a>
      </p>
      {digest === undefined ? null : (
        <p className="text-soft">
          The server's log has the cause under <code>{digest}</code>.
        </p>
      )}
    </div>
  )
}
