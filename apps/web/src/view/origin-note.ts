import type { Manifest } from '@mate-bench/schema'

/** With which code and backend a run was trained, and whether anybody else can have that code. */
export function originNote({ code, environment }: Pick<Manifest, 'code' | 'environment'>): string {
  const backend = `Trained with backend ${environment.backend.name} on ${environment.gpu ?? environment.cpu}`
  if (code.commit === null) return `${backend}; the commit of the code was not recorded.`
  if (code.dirty) {
    return (
      `${backend}, at commit ${code.commit} with changes that were not committed: ` +
      'nobody else has exactly this code, so the bytes may differ.'
    )
  }
  const clean = code.dirty === false ? '' : ' (whether it had changes was not recorded)'
  return `${backend}, at commit ${code.commit}${clean}: check it out to have the same code.`
}
