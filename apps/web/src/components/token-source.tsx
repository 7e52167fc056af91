import { contact } from '../data/site-settings.ts'

/** Where a token comes from, for everybody who is asked for one. */
export function TokenSource({ scope }: { readonly scope: 'submit' | 'approve' }) {
  const asked = contact()
  return (
    <>
      {asked === undefined ? (
        <>Ask whoever runs this site for a token</>
      ) : (
        <a className="link" href={asked.href}>
          Ask for a token
        </a>
      )}{' '}
      with the scope <code>{scope}</code>; on a site of your own, <code>npx mate-bench token create</code>{' '}
      makes one.
    </>
  )
}
