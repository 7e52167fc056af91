import type { Metadata } from 'next'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <div className="prose">
      <h1>Not found</h1>
      <p>
        There is no page at this address, or the site's database no longer holds what it showed. An id must be
        complete: <code>entry_</code>, <code>run_</code> or <code>sub_</code> followed by 20 hex digits. The
        address of a track ends in the first eight digits of its digest, which changes with the data or the
        protocol.
      </p>
      <ul>
        <li>
          <a className="link" href="/">
            The board
          </a>{' '}
          has every track and entry
        </li>
        <li>
          <a className="link" href="/specs">
            Specs
          </a>
          ,{' '}
          <a className="link" href="/methods">
            methods
          </a>{' '}
          and the{' '}
          <a className="link" href="/queue">
            queue
          </a>
        </li>
        <li>
          <a className="link" href="/docs">
            Docs
          </a>{' '}
          and the{' '}
          <a className="link" href="/docs/api">
            API reference
          </a>
        </li>
      </ul>
    </div>
  )
}
