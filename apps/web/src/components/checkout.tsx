import { repository } from '../data/site-settings.ts'

/** `a checkout of the project`, with where it is to be had. */
export function Checkout() {
  const code = repository()
  return code === undefined ? (
    <>a checkout of the project</>
  ) : (
    <>
      a checkout of{' '}
      <a className="link" href={code.href}>
        the project
      </a>
    </>
  )
}
