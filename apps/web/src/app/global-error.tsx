'use client'

import type { ErrorInfo } from 'next/error'
import { errorDigest } from './error-digest.ts'

/**
 * Where the site's own frame fails. It replaces the root layout, so it brings language, title and looks along, and
 * follows the device's colours.
 */
export default function GlobalError({ error, retry }: ErrorInfo) {
  const digest = errorDigest(error)
  return (
    <html lang="en" style={{ colorScheme: 'light dark', background: 'Canvas', color: 'CanvasText' }}>
      <head>
        <title>Something failed | MATE Bench</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
      </head>
      <body
        style={{
          maxWidth: '60ch',
          margin: '3rem auto',
          padding: '0 1rem',
          fontFamily: 'system-ui, sans-serif',
          lineHeight: 1.55,
        }}
      >
        <main>
          <h1 style={{ fontSize: '1.6rem' }}>This page could not be loaded</h1>
          <p role="alert">
            Something failed on the server. Nothing published has been lost. Try again in a moment.
          </p>
          <p>
            <button type="button" onClick={retry}>
              Try again
            </button>{' '}
            <a href="/">Go to the board</a>
          </p>
          {digest === undefined ? null : (
            <p>
              The server's log has the cause under <code>{digest}</code>.
            </p>
          )}
        </main>
      </body>
    </html>
  )
}
