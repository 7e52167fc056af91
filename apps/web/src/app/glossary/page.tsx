import type { Metadata } from 'next'
import { type GlossaryTerm, glossary } from '../../view/glossary.ts'

export const metadata: Metadata = {
  title: 'Glossary',
  description: 'Terms of multi-exit networks and of this site, each in a sentence or two.',
}

const terms: readonly GlossaryTerm[] = glossary

export default function GlossaryPage() {
  return (
    <>
      <h1>Glossary</h1>
      <p className="mt-2 mb-5 max-w-[68ch] text-soft">
        Terms as this site uses them. Tables underline theirs with dots and link here.
      </p>
      <dl className="gap-x-10 lg:columns-2">
        {terms.map(({ id, term, text, href }) => (
          <div key={id} id={id} className="scroll-mt-4 break-inside-avoid py-2 target:bg-mark">
            <dt className="font-semibold">{term}</dt>
            <dd>
              {text}
              {href ? (
                <>
                  {' '}
                  <a className="link" href={href}>
                    More<span className="sr-only"> about {term}</span>
                  </a>
                </>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
