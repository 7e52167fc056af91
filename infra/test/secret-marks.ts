import type { Json, Resource } from './synth.ts'

/** Pulumi sends a secret inside an object with this key and value (pulumi/sdk: specialSigKey, specialSecretSig). */
const signatureKey = '4dabf18193072939515e22adb298388d'
const secretSignature = '1b47061264138c4ac30d75fd1eb44270'

/** Takes the marks off, and notes where they were: `environment.variables.URL`. */
export function unwrapSecrets(
  inputs: { readonly [key: string]: Json },
  secretAt: string[],
): Resource['inputs'] {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, unwrap(value, key, secretAt)]))
}

function unwrap(value: Json, at: string, secretAt: string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => unwrap(item, `${at}[${index}]`, secretAt))
  if (value === null || typeof value !== 'object') return value
  const object = { ...(value as { readonly [key: string]: Json }) }
  if (object[signatureKey] === secretSignature) {
    secretAt.push(at)
    return unwrap(object.value ?? null, at, secretAt)
  }
  return Object.fromEntries(
    Object.entries(object).map(([key, item]) => [key, unwrap(item, `${at}.${key}`, secretAt)]),
  )
}
