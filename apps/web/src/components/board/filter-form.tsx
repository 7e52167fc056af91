'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'

interface FilterFormProps {
  /** What a control has where nothing was chosen: it stays out of the address. */
  readonly defaults?: Readonly<Record<string, string>>
  readonly className?: string
  readonly children: ReactNode
}

const typingMilliseconds = 250

/** A form that is the view's address. Where scripts run each change shows at once, and typing when it pauses. */
export function FilterForm({ defaults = {}, className, children }: FilterFormProps) {
  const router = useRouter()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = (form: HTMLFormElement) => {
    clearTimeout(timer.current)
    router.replace(`/${queryOf(form, defaults)}`, { scroll: false })
  }
  const changed = ({ currentTarget: form, target }: FormEvent<HTMLFormElement>) => {
    clearTimeout(timer.current)
    const isTyped = target instanceof HTMLInputElement && ['search', 'number'].includes(target.type)
    if (!isTyped) show(form)
    else if (target.validity.valid) timer.current = setTimeout(() => show(form), typingMilliseconds)
  }
  return (
    <form
      method="get"
      action="/#board"
      className={className}
      onChange={changed}
      onSubmit={(event) => {
        event.preventDefault()
        show(event.currentTarget)
      }}
    >
      {children}
    </form>
  )
}

/** Several values of one name are a list; what is empty or by default is left out. */
function queryOf(form: HTMLFormElement, defaults: Readonly<Record<string, string>>): string {
  const data = new FormData(form)
  const query = new URLSearchParams()
  for (const name of new Set(data.keys())) {
    const value = data.getAll(name).join(',')
    if (value !== '' && value !== defaults[name]) query.set(name, value)
  }
  return query.size === 0 ? '' : `?${query}`
}
