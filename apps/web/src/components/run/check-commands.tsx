import { siteUrl } from '../../data/site-url.ts'
import { CodeBlock } from '../code-block.tsx'
import { TokenSource } from '../token-source.tsx'

/** How anybody has a run checked: by the site, or on a machine of their own. */
export function CheckCommands({ runId }: { readonly runId: string }) {
  const page = new URL(`/runs/${runId}`, siteUrl()).href
  return (
    <div className="mt-3 space-y-3">
      <p className="max-w-[80ch] text-[0.92rem] text-soft">
        With a token, you can have the workers of this site run the published weights on every image or train
        the spec again. Or train it yourself and send the manifest: that counts too.{' '}
        <TokenSource scope="submit" />
      </p>
      <CodeBlock label="Commands that have the run checked">
        {[
          `npx mate-bench check ${page} --tier re-evaluated`,
          `npx mate-bench check ${page} --tier retrained`,
          `npx mate-bench reproduce ${page} --publish`,
        ].join('\n')}
      </CodeBlock>
    </div>
  )
}
