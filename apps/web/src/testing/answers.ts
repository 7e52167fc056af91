/** What `bin/answers` gives, which is JavaScript so that the server loads nothing but Next.js: its shapes for tests. */

export interface OwnAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface AskedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

export interface AnswerRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export type AnswerKept = (request: AnswerRequest) => Promise<AskedAnswer | undefined>

interface Options {
  readonly behindReader: boolean
  readonly now?: () => number
  readonly most?: number
}

interface Modules {
  readonly 'kept-answers': {
    createKeptAnswers(ask: (path: string) => Promise<OwnAnswer>, options: Options): AnswerKept
  }
  readonly 'kept-paths': { keptFor(request: AnswerRequest): 'data' | 'build' | undefined }
  readonly 'page-data': {
    takePageData(
      headers: Readonly<Record<string, string>>,
      html: string,
      url: string,
    ): { readonly html: string; readonly data: string | undefined }
    pageDataAt(url: string): { readonly digest: string; readonly page: string } | undefined
  }
  readonly 'without-react': {
    withoutReact(headers: Readonly<Record<string, string>>, html: string): string
  }
  readonly 'script-hashes': {
    withScriptHashes(
      headers: Readonly<Record<string, string>>,
      html: string,
    ): { readonly headers: Readonly<Record<string, string>>; readonly html: string }
  }
}

export async function importAnswers<Name extends keyof Modules>(name: Name): Promise<Modules[Name]> {
  return await import(/* @vite-ignore */ new URL(`../../bin/answers/${name}.js`, import.meta.url).href)
}
