'use client'

import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react'
import * as z from 'zod/mini'
import { postToApi } from '../api-call.ts'

const created = z.object({ id: z.string().check(z.regex(/^sub_[0-9a-f]{20}$/)) })

interface SubmitFormProps {
  readonly text: string
  /** Whether the spec is valid and within the limit. */
  readonly ready: boolean
  /** Where a token comes from. */
  readonly tokenSource: ReactNode
}

/** Sends the spec with a token, which stays in this form and nowhere else. */
export function SubmitForm({ text, ready, tokenSource }: SubmitFormProps) {
  const id = useId()
  const [token, setToken] = useState('')
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState('')

  // One key a text: whoever tries again after an answer that was lost gets the submission that was made.
  const keys = useRef(new Map<string, string>())

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSending(true)
    setFailure('')
    const idempotencyKey = keys.current.get(text) ?? randomKey()
    keys.current.set(text, idempotencyKey)
    const outcome = await postToApi({
      path: '/submissions',
      token,
      body: text,
      idempotencyKey,
      answer: created,
    })
    if (outcome.ok) {
      window.location.assign(`/submissions/${outcome.value.id}`)
    } else {
      setFailure(outcome.reason)
      setSending(false)
    }
  }

  return (
    <form onSubmit={submit} className="card space-y-3 px-4 py-3.5">
      <div>
        <label htmlFor={id} className="font-semibold">
          Token
        </label>
        <p id={`${id}-source`} className="text-[0.9rem] text-soft">
          {tokenSource}
        </p>
        <input
          id={id}
          aria-describedby={`${id}-source`}
          type="password"
          name="token"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          autoComplete="off"
          className="field mt-1 w-full font-mono"
        />
      </div>
      <button
        type="submit"
        className="button button-primary disabled:opacity-55"
        disabled={!ready || token === '' || sending}
      >
        {sending ? 'Submitting …' : 'Submit'}
      </button>
      <p role="alert" className="text-bad empty:hidden">
        {failure}
      </p>
      <p className="text-[0.9rem] text-soft">
        A submission is reviewed first, since training costs compute. Then it waits in the{' '}
        <a className="link" href="/queue">
          queue
        </a>
        .
      </p>
    </form>
  )
}

/** 128 bits as hex digits. Unlike `randomUUID` it is there over plain HTTP too, as within a lab. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
