/**
 * The content of the key file that signs the ledger's heads: the deployment links it as an encrypted secret; elsewhere the
 * environment or the user's configuration has it.
 *
 * @returns undefined where none is linked
 */
export async function linkedSigningKey(): Promise<string | undefined> {
  if (!process.env.SST_KEY_FILE && !process.env.SST_RESOURCE_SiteSigningKey) return undefined
  const { Resource } = await import('sst/resource')
  return 'SiteSigningKey' in Resource ? Resource.SiteSigningKey.value : undefined
}
