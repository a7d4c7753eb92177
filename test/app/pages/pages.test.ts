/** The pages that the app shows a browser: complete, leading somewhere, and inert whatever they are made of. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { answerWithPage, pagesOf } from '../../../src/app/pages/pages.ts'
import { referencePage } from '../../../src/app/pages/reference-page.ts'
import { sectionOf } from '../../../src/app/pages/section.ts'
import { catalogueOf } from '../../../src/cli/catalogue.ts'
import { readReferences } from '../../../src/cli/package.ts'
import { loadRules } from '../../../src/rule/registry.ts'
import { expectInert, hostileTexts } from '../../support/inert-page.ts'

const catalogue = catalogueOf(await loadRules())
const made = pagesOf(readReferences(), catalogue)
const pages = new Map([...made].map(([path, page]) => [path, page()]))

/** Of the web, of the page itself, or of another page. */
const addresses = /^(#|https?:\/\/|(\.\.\/)?[\w.#/-]*$)/

const hrefsOf = (page: string) => [...page.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href!)
const idsOf = (page: string) => new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!))

describe('the pages', () => {
  it('are one for each rule and each reference document', () => {
    for (const { meta } of catalogue) expect(pages.get(`/rules/${meta.name}`)).toContain(`<h1><code>${meta.name}`)
    expect([...pages.keys()].filter((path) => path.startsWith('/references/'))).toHaveLength(7)
  })

  it('have the heading of every link that a comment carries', () => {
    for (const { meta } of catalogue) {
      const [document, anchor] = meta.reference.split('#')
      expect(idsOf(pages.get(`/references/${document}`)!)).toContain(anchor)
    }
  })

  it('lead only to each other, to headings that are there, and to the web', () => {
    let seen = 0
    for (const [path, page] of pages) {
      for (const href of hrefsOf(page)) {
        if (/^https?:/.test(href)) continue
        const target = new URL(href, `http://app${path}`)
        const found = pages.get(target.pathname)
        expect(found, `${href} in ${path}`).toBeDefined()
        if (target.hash) expect(idsOf(found!), `${href} in ${path}`).toContain(target.hash.slice(1))
        seen++
      }
    }
    expect(seen).toBeGreaterThan(2 * catalogue.length)
  })

  it('tell a mistake from its cure in words too', () => {
    const page = pages.get('/rules/crontab-missing-minute')!
    expect(page).toContain('<figcaption>Mistake</figcaption>')
    expect(page).toContain('<figcaption>Better</figcaption>')
  })

  it('call an example better only in a section that shows a mistake', () => {
    const example = (kind: string) => `\`\`\`python ${kind}\nx = 1\n\`\`\`\n`
    const guide = referencePage(
      'guide.md',
      `# Guide\n\n${example('good')}\n## Rule\n\n${example('bad')}\n## More\n\n${example('good')}`,
    )
    expect(guide).toContain('Mistake')
    expect(guide).not.toContain('Better')
    expect(referencePage('rule.md', `# Rule\n\n${example('bad')}\n${example('good')}`)).toContain('Better')
  })

  it.each(hostileTexts)('let nothing of %j come alive', (text) => {
    expectInert(referencePage(text, text), addresses)
  })

  it('hold nothing that a browser would have to fetch', () => {
    for (const page of pages.values()) expectInert(page, addresses)
  })
})

describe('over HTTP', () => {
  const server = createServer((request, response) => {
    if (!answerWithPage(made, request.url ?? '', response)) response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  afterAll(() => server.close())

  it('are HTML that may run nothing', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const response = await fetch(`${url}/references/periodic-tasks.md`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('id="a-crontab-without-a-minute"')
    expect((await fetch(`${url}/references/nope.md`)).status).toBe(404)
  })
})

describe('a section', () => {
  const markdown = '# A\n\n## One\n\nfirst\n\n### Below\n\n```python\n# not a heading\n```\n\n## One\n\nsecond\n'

  it('ends where the next one begins that is not below it', () => {
    expect(sectionOf(markdown, 'one')?.text).toBe('first\n\n### Below\n\n```python\n# not a heading\n```')
  })

  it('is told from another of the same name as GitHub tells them', () => {
    expect(sectionOf(markdown, 'one-1')).toEqual({ heading: 'One', text: 'second' })
    expect(sectionOf(markdown, 'two')).toBeUndefined()
  })
})
