/** The reference documents: rules link to headings that exist, sections link back, and every example is run. */
import { readdirSync, readFileSync } from 'node:fs'
import GithubSlugger from 'github-slugger'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, it } from 'vitest'
import { unusedSuppression } from '../src/engine/report.ts'
import { loadRules } from '../src/rule/registry.ts'
import { analyseFixture, parseFixture } from './support/fixture.ts'

const documents = [
  'configuration-guide.md',
  'django-integration.md',
  'error-handling.md',
  'monitoring-observability.md',
  'periodic-tasks.md',
  'production-deployment.md',
  'task-design-patterns.md',
]

interface Example {
  readonly kind: 'bad' | 'good'
  /** The rule a bad example breaks: named in the fence, else the section's only one. */
  readonly rule?: string
  readonly code: string
  readonly line: number
}

interface Section {
  readonly anchor: string
  readonly depth: number
  /** The anchors of the document that the section links to. */
  readonly links: string[]
  readonly rules: string[]
  readonly examples: Example[]
}

type MarkdownNode = { type: string; value?: string; url?: string; children?: MarkdownNode[] }
const textOf = (node: MarkdownNode): string => node.value ?? (node.children ?? []).map(textOf).join('')
const linksOf = (node: MarkdownNode): string[] =>
  node.url?.startsWith('#') ? [node.url.slice(1)] : (node.children ?? []).flatMap(linksOf)

/** The sections of a document. `Rule: name` (or `Rules: a, b`) as a paragraph of its own claims rules for its section. */
function sectionsOf(text: string): Section[] {
  const slugger = new GithubSlugger()
  const sections: Section[] = []
  for (const node of fromMarkdown(text).children) {
    if (node.type === 'heading')
      sections.push({
        anchor: slugger.slug(textOf(node as MarkdownNode)),
        depth: node.depth,
        links: [],
        rules: [],
        examples: [],
      })
    const section = sections.at(-1)
    if (!section) continue
    section.links.push(...linksOf(node as MarkdownNode))
    if (node.type === 'paragraph') {
      const claim = /^Rules?: ([\w, -]+)$/.exec(textOf(node as MarkdownNode))
      if (claim) section.rules.push(...claim[1]!.split(',').map((name) => name.trim()))
    }
    if (node.type === 'code' && node.lang === 'python') {
      const meta = /^(bad|good)(?: ([\w-]+))?$/.exec(node.meta ?? '')
      if (meta)
        section.examples.push({
          kind: meta[1] as Example['kind'],
          rule: meta[2],
          code: node.value,
          line: node.position?.start.line ?? 0,
        })
    }
  }
  return sections
}

const rules = await loadRules()
const directory = new URL('../references/', import.meta.url)
const sections = new Map(documents.map((name) => [name, sectionsOf(readFileSync(new URL(name, directory), 'utf8'))]))
const metas = [...rules.map((rule) => rule.meta), unusedSuppression]

it('there are exactly the seven documents', () => {
  expect(readdirSync(directory).sort()).toEqual(documents)
})

it.each(metas.map((meta) => ({ name: meta.name, reference: meta.reference })))(
  '$name links to a section that claims it',
  ({ name, reference }) => {
    const [document, anchor] = reference.split('#')
    const section = sections.get(document!)?.find((candidate) => candidate.anchor === anchor)
    expect(section, reference).toBeDefined()
    expect(section!.rules).toContain(name)
  },
)

describe.each(documents)('%s', (document) => {
  it('lists each of its sections in its contents', () => {
    const [title, contents, ...others] = sections.get(document)!.filter(({ depth }) => depth <= 2)
    expect([title!.depth, contents!.anchor]).toEqual([1, 'contents'])
    expect(contents!.links.toSorted()).toEqual(others.map(({ anchor }) => anchor).toSorted())
  })

  for (const section of sections.get(document)!) {
    for (const rule of section.rules) {
      it(`#${section.anchor} claims ${rule}, which links back`, () => {
        expect(metas.find((meta) => meta.name === rule)?.reference).toBe(`${document}#${section.anchor}`)
        const shown = section.examples.filter((example) => example.kind === 'bad' && (example.rule ?? rule) === rule)
        if (rule !== unusedSuppression.name) expect(shown.length, 'a bad example').toBeGreaterThan(0)
      })
    }
    for (const example of section.examples) {
      it(`line ${example.line}: the ${example.kind} example`, async () => {
        const { findings, crashes } = await analyseFixture(parseFixture(example.code), rules)
        expect(crashes).toEqual([])
        const found = findings.map((finding) => finding.rule)
        if (example.kind === 'good') expect(found).toEqual([])
        else expect(found).toContain(example.rule ?? section.rules[0])
      })
    }
  }
})
