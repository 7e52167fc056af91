import type { Metadata } from 'next'
import { CodeBlock } from '../../../components/code-block.tsx'
import { Section } from '../../../components/section.tsx'
import { siteUrl } from '../../../data/site-url.ts'
import { Contents } from '../contents.tsx'
import { curlExample } from './curl-example.ts'
import { EndpointCard } from './endpoint-card.tsx'
import { getExampleIds } from './example-ids.ts'
import { ProblemTable } from './problem-table.tsx'
import { apiReference } from './reference.ts'
import { ShapeFold } from './shape-fold.tsx'

export const metadata: Metadata = {
  title: 'API',
  description: 'The public HTTP API: every endpoint with its parameters, answers and an example.',
}

const reference = apiReference()
const shapeNames = new Set(reference.shapes.map(({ name }) => name))

export default async function ApiPage() {
  const { origin } = siteUrl()
  const ids = await getExampleIds()
  const { resources, shapes, description } = reference
  return (
    <>
      <h1>API</h1>
      <p className="mt-2 max-w-[68ch] text-soft">{description}</p>
      <div className="lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:gap-12">
        <Contents
          title="On this page"
          parts={[
            ['use', 'Using it'],
            ...resources.map(({ id, name }) => [id, name] as const),
            ['problems', 'Problems'],
            ['shapes', 'Shapes'],
          ]}
        />
        <div className="min-w-0">
          <Section id="use" title="Using it">
            <div className="prose">
              <p>
                All endpoints are under <code>{origin}/api/v1</code>. They are also described by an{' '}
                <a className="link" href="/api/v1/openapi.json">
                  OpenAPI 3.1 document
                </a>
                , from which clients can be generated.
              </p>
              <ul>
                <li>
                  <strong>Reading</strong> needs no token, and any page may do it: CORS is open for reads.
                  Top-1 and the like are fractions from 0 to 1, costs are counts for one image, times are ISO
                  8601 in UTC.
                </li>
                <li>
                  <strong>Long lists</strong> come in pages: <code>data</code>, and <code>next</code>, which
                  you send back as <code>cursor</code> and which is null on the last page. Entries, runs,
                  specs and submissions are listed newest first, published results by paper; publishing
                  something new does not shift their pages. The table of a track is best first, as ranked at
                  each request: a run published between two pages may move entries past them, so read it in as
                  few pages as you can.
                </li>
                <li>
                  <strong>ETags</strong>: send the last one as <code>If-None-Match</code>, and an unchanged
                  answer is 304 without a body. Files and documents named by their digest never change.
                </li>
                <li>
                  <strong>Writing</strong> needs a token with a scope; see{' '}
                  <a className="link" href="/docs#submit">
                    submitting
                  </a>
                  . Requests are limited for each token and address. Beyond the limit the answer is 429, and{' '}
                  <code>Retry-After</code> says how long to wait.
                </li>
              </ul>
              <CodeBlock label="Every entry, page by page, in Python">
                {[
                  'import json',
                  'from urllib.request import urlopen',
                  '',
                  `url = "${origin}/api/v1/entries?limit=200"`,
                  'entries, cursor = [], ""',
                  'while cursor is not None:',
                  '    page = json.load(urlopen(url + (f"&cursor={cursor}" if cursor else "")))',
                  '    entries += page["data"]',
                  '    cursor = page["next"]',
                ].join('\n')}
              </CodeBlock>
            </div>
          </Section>
          {resources.map((resource) => (
            <Section
              key={resource.id}
              id={resource.id}
              title={resource.name}
              {...(resource.description === undefined ? {} : { note: resource.description })}
            >
              {resource.endpoints.map((endpoint) => (
                <EndpointCard
                  key={endpoint.id}
                  endpoint={endpoint}
                  example={curlExample(endpoint, origin, ids)}
                  shapes={shapeNames}
                />
              ))}
            </Section>
          ))}
          <Section
            id="problems"
            title="Problems"
            note="A refusal is answered with application/problem+json (RFC 9457). Its type links to a row of this table; detail says what was wrong this time, hint says what to do, and problems lists every fault of a document with its path."
          >
            <ProblemTable />
          </Section>
          <Section
            id="shapes"
            title="Shapes"
            note="The documents that answers consist of. A path such as exits[].top1.mean leads into lists and objects."
          >
            {shapes.map((shape) => (
              <ShapeFold key={shape.name} shape={shape} />
            ))}
          </Section>
        </div>
      </div>
    </>
  )
}
