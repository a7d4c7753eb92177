/** Owns which pages there are, at which paths, and how they are served. */
import type { ServerResponse } from 'node:http'
import { landingPage } from './landing-page.ts'
import { referencePage, titleOf } from './reference-page.ts'
import { type DescribedRule, rulePage } from './rule-page.ts'

/** HTML by path, without a query. */
export type Pages = ReadonlyMap<string, () => string>

/**
 * The landing page, and a page for each reference document and each rule. Each is made when it is first looked at: all
 * of them take longer to make than the app may take to come back after a crash.
 * @param references the Markdown of the documents by name, such as `periodic-tasks.md`
 */
export function pagesOf(references: ReadonlyMap<string, string>, rules: readonly DescribedRule[]): Pages {
  const guides = [...references].map(([name, markdown]) => ({ name, title: titleOf(name, markdown) }))
  const pages = new Map([['/', once(() => landingPage(guides, rules))]])
  for (const [name, markdown] of references) {
    pages.set(
      `/references/${name}`,
      once(() => referencePage(name, markdown)),
    )
  }
  for (const rule of rules) {
    const [document = ''] = rule.meta.reference.split('#')
    pages.set(
      `/rules/${rule.meta.name}`,
      once(() => rulePage(rule, references.get(document) ?? '')),
    )
  }
  return pages
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What the pages need is inside them; whatever else a text might bring in is refused by the browser. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Answers with the page at a path; false when there is none. */
export function answerWithPage(pages: Pages, path: string, response: ServerResponse): boolean {
  const page = pages.get(path)
  if (page === undefined) return false
  response.writeHead(200, headers).end(page())
  return true
}
